import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { SimStore } from '#test/simulator/state.ts';
import type { Fault } from './fault-proxy.ts';
import { startFaultyApp, type FaultyApp } from './faulty-app.ts';

/** Of the address of a bulk operation's file. */
export const BULK_FILE = /^\/bulk\/\d+\.jsonl/;

/** A shop whose history is pulled through an unreliable network, over and over from nothing. */
export interface FaultyImport {
  faulty: FaultyApp;
  /** Of the latest `begin`. */
  readonly context: ShopContext;
  /** What `stateHash` is when nothing went wrong. */
  whole: unknown;
  /** The shop has just asked for its history, and nothing of it is here. */
  begin(): Promise<void>;
  /** To the end; answers with what was thrown meanwhile. */
  pull(): Promise<unknown[]>;
  /** One step of each import; answers with what was thrown. */
  step(): Promise<unknown>;
  /** Until the orders are being stored: their file is made, and nothing of it is here. */
  pullUntilStoring(): Promise<void>;
  /** Faults for the first `times` requests that fit, then none. */
  failFirst(times: number, fits: (path: string, body: string) => boolean, fault: Fault): void;
  stateHash(): Promise<unknown>;
  imports(): Promise<Record<string, unknown>[]>;
  ordersImport(): Promise<Record<string, unknown>>;
}

export async function startFaultyImport(store: SimStore): Promise<FaultyImport> {
  const faulty = await startFaultyApp(store);
  let context = await faulty.app.install(store.shop.domain);
  const pull = () => faulty.pull(context);
  const stateHash = () => stateHashOf(faulty);
  const imports = () => faulty.rows('SELECT resource, state, error_code, attempts FROM imports ORDER BY resource');
  const ordersImport = async () => (await faulty.rows("SELECT * FROM imports WHERE resource = 'orders'"))[0] ?? {};
  const errors = await pull();
  if (errors.length > 0) throw new AggregateError(errors, 'the pull without faults failed');

  const failFirst: FaultyImport['failFirst'] = (times, fits, fault) => {
    let left = times;
    faulty.proxy.plan = ({ path, body }) => {
      if (left === 0 || !fits(path, body)) return undefined;
      left -= 1;
      return fault;
    };
  };
  const step = async () => {
    const { advanceImports } = await import('#app/services/sync/import/advance-imports.server.ts');
    return advanceImports(context).then(() => undefined, (error: unknown) => error);
  };
  return {
    faulty,
    get context() {
      return context;
    },
    whole: await stateHash(),
    async begin() {
      faulty.proxy.clear();
      await faulty.owner.query('TRUNCATE imports, orders, order_lines, refunds, fulfillments, customers, tombstones, customer_merges');
      await faulty.owner.query('UPDATE shops SET installed_at = null, uninstalled_at = null');
      context = await faulty.app.install(store.shop.domain);
      const { recordInstall } = await import('#app/services/sync/record-install.server.ts');
      await recordInstall(context);
      faulty.proxy.clear();
    },
    async pullUntilStoring() {
      for (let tries = 0; (await ordersImport())['state'] !== 'storing'; tries += 1) {
        if (tries > 200) throw new Error('the import never came to storing');
        failFirst(99, (path) => BULK_FILE.test(path), { kind: 'reset' });
        await step();
      }
      faulty.proxy.clear();
    },
    pull,
    step,
    failFirst,
    stateHash,
    imports,
    ordersImport,
  };
}

/** Of all that a pull brings, but for when and by which import. */
async function stateHashOf(faulty: FaultyApp): Promise<unknown> {
  const row = "to_jsonb(t) - '{import_id,data_version}'::text[]";
  const of = (table: string) => `(SELECT md5(string_agg((${row})::text, '|' ORDER BY ${row})) FROM ${table} t) AS ${table}`;
  const [hashes] = await faulty.rows(`SELECT ${['orders', 'order_lines', 'refunds', 'fulfillments', 'customers'].map(of).join(', ')}`);
  return hashes;
}
