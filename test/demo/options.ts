import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.ts';

export const DEMO_HELP = `npm run demo [-- FLAGS]

Starts Perennial with everything it needs on this machine: PostgreSQL, a local Shopify with a store, web and worker.

  --orders FILE        a Shopify orders export (.csv or .csv.gz) as the store's history, instead of a made-up store
  --orders-count N     how many orders the made-up store has (default 6000)
  --time-zone ZONE     the store's time zone, such as Europe/London
  --currency CODE      the store's currency, such as GBP
  --port N             where the local Shopify listens (default 4000); the app is on the port after it
  --data DIR           where everything is kept (default .perennial/demo); a second start goes on from there
  --fresh              begin again from nothing
  --reload             serve the sources and reload what changes, instead of a build (\`npm run dev\`)
  --help               this text

DATABASE_URL, when set, names a PostgreSQL to use instead of the embedded one; its user must be able to create
databases and roles.`;

export interface DemoOptions {
  ordersFile: string | undefined;
  ordersCount: number | undefined;
  timeZone: string | undefined;
  currency: string | undefined;
  port: number;
  dataDir: string | undefined;
  isFresh: boolean;
  isReloading: boolean;
}

const FLAGS = {
  orders: { type: 'string' },
  'orders-count': { type: 'string' },
  'time-zone': { type: 'string' },
  currency: { type: 'string' },
  port: { type: 'string' },
  data: { type: 'string' },
  fresh: { type: 'boolean' },
  reload: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const DEFAULT_PORT = 4000;
const MOST_ORDERS = 2_000_000;

/**
 * @param cwd relative paths are relative to it
 * @throws UsageError that names the flag
 */
export function parseDemoOptions(args: string[], env: Record<string, string | undefined>, cwd: string): DemoOptions | 'help' {
  requireFlagsBehindDashes(env);
  const values = parseFlags(args);
  if (values.help === true) return 'help';
  if (values.orders !== undefined && values['orders-count'] !== undefined) {
    throw new UsageError('--orders and --orders-count exclude each other: an export has the orders that it has.');
  }
  return {
    ordersFile: values.orders === undefined ? undefined : requireFile('--orders', resolve(cwd, values.orders)),
    ordersCount: optional(values['orders-count'], (value) => requireInteger('--orders-count', value, 1, MOST_ORDERS)),
    timeZone: optional(values['time-zone'], requireTimeZone),
    currency: optional(values.currency, requireCurrency),
    port: optional(values.port, (value) => requireInteger('--port', value, 1, 65_534)) ?? DEFAULT_PORT,
    dataDir: optional(values.data, (value) => resolve(cwd, value)),
    isFresh: values.fresh === true,
    isReloading: values.reload === true,
  };
}

function parseFlags(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    // Node's words name the flag; its advice about positional arguments does not fit here.
    const words = cause instanceof Error ? (cause.message.split('. ')[0] ?? '') : String(cause);
    throw new UsageError(`${words}. \`npm run demo -- --help\` lists the flags.`, { cause });
  }
}

/** `npm run demo --port 5000` gives the flag to npm, which passes it on as a variable and drops its meaning. */
function requireFlagsBehindDashes(env: Record<string, string | undefined>): void {
  for (const flag of Object.keys(FLAGS)) {
    if (flag === 'help') continue;
    const swallowed = env[`npm_config_${flag.replace('-', '_')}`];
    if (swallowed) throw new UsageError(`npm took --${flag} for itself. Put two dashes before it: npm run demo -- --${flag} …`);
  }
}

function optional<T>(value: string | undefined, parse: (value: string) => T): T | undefined {
  return value === undefined ? undefined : parse(value);
}

function requireFile(flag: string, path: string): string {
  if (!existsSync(path)) throw new UsageError(`${flag}: there is no file ${path}.`);
  if (!statSync(path).isFile()) throw new UsageError(`${flag}: ${path} is not a file.`);
  return path;
}

function requireInteger(flag: string, value: string, least: number, most: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`${flag} takes a whole number from ${least} to ${most}; "${value}" is not one.`);
}

function requireTimeZone(value: string): string {
  const refusal = `--time-zone: "${value}" is not a time zone. Give its name, such as Europe/London or UTC.`;
  // An offset is none: it knows no summer.
  if (/^[+-]/.test(value)) throw new UsageError(refusal);
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch (cause) {
    throw new UsageError(refusal, { cause });
  }
}

function requireCurrency(value: string): string {
  const code = value.toUpperCase();
  if (Intl.supportedValuesOf('currency').includes(code)) return code;
  throw new UsageError(`--currency: "${value}" is not a currency. Give its three letters, such as GBP.`);
}
