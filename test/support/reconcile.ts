import type { ReconciliationTurn } from '#app/services/sync/reconcile/advance-reconciliation.server.ts';
import type { ReconciliationReport, ReconciliationRun, ReconciliationScope } from '#app/domain/sync/reconciliation.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const MAX_TURNS = 600;
const TURN_PAUSE_MS = 20;

/** Does the worker's part until no comparison of the shop is unfinished; answers with its turns. */
export async function advanceUntilCompared(context: ShopContext): Promise<ReconciliationTurn[]> {
  const { advanceReconciliation } = await import('#app/services/sync/reconcile/advance-reconciliation.server.ts');
  const { advanceImports } = await import('#app/services/sync/import/advance-imports.server.ts');
  const { loadReconciliations } = await import('#app/services/sync/reconcile/load-reconciliations.server.ts');
  const turns: ReconciliationTurn[] = [];
  while (turns.length < MAX_TURNS) {
    turns.push(await advanceReconciliation(context));
    // The worker waits longer; at once, a busy machine would spend the shop's calls on asking whether the list is there.
    await new Promise((resolve) => setTimeout(resolve, TURN_PAUSE_MS));
    if ((await loadReconciliations(context)).underWay === null) return turns;
    await advanceImports(context);
  }
  throw new Error(`a comparison is still unfinished after ${MAX_TURNS} turns`);
}

/** Asks for a comparison, makes it, and answers with what a page would show. */
export async function reconcile(context: ShopContext, scope: ReconciliationScope = 'all'): Promise<ReconciliationReport> {
  const { requestReconciliation } = await import('#app/services/sync/reconcile/request-reconciliation.server.ts');
  const { loadReconciliations } = await import('#app/services/sync/reconcile/load-reconciliations.server.ts');
  await requestReconciliation(context, { scope, cause: 'asked' });
  await advanceUntilCompared(context);
  return loadReconciliations(context);
}

/** Asks for a comparison of everything and takes it on until it is there, so that something can happen meanwhile. */
export async function stepsUntil(context: ShopContext, wanted: Pick<ReconciliationRun, 'resource' | 'state'>): Promise<void> {
  const { requestReconciliation } = await import('#app/services/sync/reconcile/request-reconciliation.server.ts');
  const { advanceReconciliation } = await import('#app/services/sync/reconcile/advance-reconciliation.server.ts');
  const { loadReconciliations } = await import('#app/services/sync/reconcile/load-reconciliations.server.ts');
  await requestReconciliation(context, { scope: 'all', cause: 'asked' });
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    await advanceReconciliation(context);
    await new Promise((resolve) => setTimeout(resolve, TURN_PAUSE_MS));
    const { underWay } = await loadReconciliations(context);
    if (underWay?.resource === wanted.resource && underWay.state === wanted.state) return;
  }
  throw new Error(`a comparison does not come to ${wanted.state} ${wanted.resource}`);
}
