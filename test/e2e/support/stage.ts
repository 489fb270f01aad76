import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import type { SimStore } from '#test/simulator/state.ts';
import { startPerennialOnSharedServer } from '#test/support/perennial-on-shared-server.ts';
import type { PerennialUnderTest } from '#test/support/perennial-under-test.ts';
import { readWholeLog } from '#test/support/processes.ts';
import { startBrowserUnderTest } from './browser-under-test.ts';
import type { BrowserUnderTest } from './browser-under-test.ts';

const LOG_LINES_SHOWN = 15;

export interface Stage {
  readonly perennial: PerennialUnderTest;
  readonly browser: BrowserUnderTest;
  /** The only store of the local Shopify. */
  readonly shop: ShopStore;
}

/**
 * Perennial as the demo starts it and a browser, for the tests of one file. When a test fails, its pages are
 * photographed and the last lines of the app's logs are printed.
 */
export function useStage(store: () => SimStore, options: { bulkObjectsPerSecond?: number } = {}): Stage {
  let perennial: PerennialUnderTest | undefined;
  let browser: BrowserUnderTest | undefined;
  beforeAll(async () => {
    [perennial, browser] = await Promise.all([startPerennialOnSharedServer(store, options), startBrowserUnderTest()]);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || !perennial || !browser) return;
    const pictures = await browser.photograph(task.name);
    console.log([...pictures, ...browser.complaints(), ...logEnds(perennial)].join('\n'));
  });
  afterAll(async () => {
    await browser?.close();
    await perennial?.close();
  });
  return {
    get perennial() {
      return require(perennial);
    },
    get browser() {
      return require(browser);
    },
    get shop() {
      const [shop] = require(perennial).simulator.simulator.shops.values();
      return require(shop);
    },
  };
}

function require<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The stage is not set before the tests begin.');
  return value;
}

function logEnds({ dataDir }: PerennialUnderTest): string[] {
  return ['web', 'worker'].flatMap((name) => {
    const lines = readWholeLog(join(dataDir, 'logs', `${name}.log`)).trimEnd().split('\n');
    return [`The end of the log of ${name}:`, ...lines.slice(-LOG_LINES_SHOWN)];
  });
}
