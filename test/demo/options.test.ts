import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { parseDemoOptions } from './options.ts';
import { UsageError } from './usage-error.ts';

const parse = (args: string[], env: Record<string, string> = {}) => parseDemoOptions(args, env, PROJECT_DIR);

it('asks for nothing: every flag has a default', () => {
  expect(parse([])).toEqual({
    ordersFile: undefined,
    ordersCount: undefined,
    timeZone: undefined,
    currency: undefined,
    port: 4000,
    dataDir: undefined,
    isFresh: false,
    isReloading: false,
  });
});

it('takes paths relative to where the command was typed', () => {
  expect(parse(['--orders', 'package.json', '--data', 'somewhere'])).toMatchObject({
    ordersFile: join(PROJECT_DIR, 'package.json'),
    dataDir: join(PROJECT_DIR, 'somewhere'),
  });
});

it('knows a currency and a time zone however their letters are written', () => {
  expect(parse(['--currency', 'gbp', '--time-zone', 'europe/london'])).toMatchObject({ currency: 'GBP', timeZone: 'Europe/London' });
});

it.each([
  [['--orders', 'no-such-file.csv'], /--orders: there is no file .*no-such-file\.csv/],
  [['--orders', 'test'], /--orders: .*test is not a file/],
  [['--orders-count', '0'], /--orders-count takes a whole number from 1/],
  [['--orders-count', '1e3'], /"1e3" is not one/],
  [['--orders', 'package.json', '--orders-count', '5'], /--orders and --orders-count exclude each other/],
  [['--port', 'eighty'], /--port takes a whole number from 1 to 65534/],
  [['--port', '65535'], /--port takes/],
  [['--time-zone=+02:00'], /--time-zone: "\+02:00" is not a time zone/],
  [['--time-zone', 'Mars/Olympus'], /--time-zone: "Mars\/Olympus" is not a time zone/],
  [['--currency', 'QQQ'], /--currency: "QQQ" is not a currency/],
  [['--frehs'], /Unknown option '--frehs'/],
  [['--port'], /--port/],
  [['orders.csv'], /orders\.csv/],
])('names the flag that is wrong: %j', (args, message) => {
  expect(() => parse(args)).toThrow(UsageError);
  expect(() => parse(args)).toThrow(message);
});

it('tells whoever forgot the two dashes that npm took the flag', () => {
  expect(() => parse([], { npm_config_time_zone: 'UTC' })).toThrow(/npm run demo -- --time-zone/);
});
