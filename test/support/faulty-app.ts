import pg from 'pg';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { SimStore } from '#test/simulator/state.ts';
import { startAppUnderTest, type AppUnderTest } from './app-under-test.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';

export interface FaultyApp {
  app: AppUnderTest;
  /** Between the app and the local Shopify. */
  proxy: FaultProxy;
  owner: pg.Client;
  rows(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Takes every unfinished import on until none is left; answers with what was thrown meanwhile. */
  pull(context: ShopContext, options?: { steps?: number }): Promise<unknown[]>;
  stop(): Promise<void>;
}

/** The app in this process with an unreliable network between it and the local Shopify. */
export async function startFaultyApp(store: SimStore | SimStore[], options: { bulkObjectsPerSecond?: number } = {}): Promise<FaultyApp> {
  const proxy = await startFaultProxy();
  process.env['SHOPIFY_SIM_ORIGIN'] = proxy.url;
  // Before the app does it, so that the app's requests go through the proxy.
  await import('#test/simulator/install.ts');
  const app = await startAppUnderTest({ store, ...options });
  proxy.target = app.running.origin;
  const owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  const rows = async (sql: string, values: unknown[] = []) => (await owner.query<Record<string, unknown>>(sql, values)).rows;

  return {
    app,
    proxy,
    owner,
    rows,
    async pull(context, { steps = 400 } = {}) {
      const { advanceImports } = await import('#app/services/sync/import/advance-imports.server.ts');
      const errors: unknown[] = [];
      for (let step = 0; step < steps; step += 1) {
        await advanceImports(context).catch((error: unknown) => errors.push(error));
        const unfinished = await rows("SELECT 1 FROM imports WHERE state IN ('requested', 'running', 'storing')");
        if (unfinished.length === 0) return errors;
      }
      throw new AggregateError(errors, `an import is still unfinished after ${steps} steps`);
    },
    async stop() {
      await owner.end();
      await app.stop();
      await proxy.close();
    },
  };
}
