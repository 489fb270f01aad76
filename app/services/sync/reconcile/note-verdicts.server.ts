import type pg from 'pg';

import { dropDifferences, settle, type FoundIn } from '#app/adapters/db/differences.repository.server.ts';
import type { DifferenceOutcome } from '#app/domain/sync/reconciliation.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** `none`: it turned out to be no difference. */
export type Verdict = DifferenceOutcome | 'none';

/** In the transaction that repaired them. */
export async function noteVerdicts(
  { shop, now }: ShopContext,
  connection: pg.PoolClient,
  found: FoundIn,
  verdicts: readonly { id: bigint; verdict: Verdict }[],
): Promise<void> {
  const idsOf = (wanted: Verdict) => verdicts.filter(({ verdict }) => verdict === wanted).map(({ id }) => id);
  await dropDifferences(connection, shop, found, idsOf('none'));
  for (const outcome of ['repaired', 'unchanged', 'failed'] as const) {
    await settle(connection, shop, found, { ids: idsOf(outcome), outcome, now: now() });
  }
}
