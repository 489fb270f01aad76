import type { ShopContext } from '#app/services/shop-context.server.ts';
import { until } from '#test/simulator/simulator-client.ts';

const DEADLINE_MS = 20_000;

/** Does the worker's part until no import of the shop is unfinished. */
export async function pullHistory(context: ShopContext): Promise<void> {
  const { advanceImports } = await import('#app/services/sync/import/advance-imports.server.ts');
  const { loadUnfinishedImports } = await import('#app/adapters/db/imports.repository.server.ts');
  await until(
    async () => {
      await advanceImports(context);
      return (await context.inShop((db) => loadUnfinishedImports(db, context.shop))).length;
    },
    (unfinished) => unfinished === 0,
    DEADLINE_MS,
  );
}
