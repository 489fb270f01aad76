import type pg from 'pg';

import { findAddedPoints } from '#app/adapters/db/loyalty/flow-entries.server.ts';
import { loadUnknownCustomers } from '#app/adapters/db/loyalty/known-customers.server.ts';
import { EntryExistsError, LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { enrolCustomers, holdMembers } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { appendNotes } from '#app/adapters/db/loyalty/notes.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { lotTermsOf } from '#app/domain/loyalty/ledger/lot-terms.ts';
import { planAdjustment } from '#app/domain/loyalty/ledger/plan-adjustment.ts';
import type { PointsToAdd } from '#app/domain/loyalty/traces/add-points-run.ts';
import type { Result } from '#app/domain/result.ts';
import { dueMsOf, loadProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import { hastenTraces } from '#app/services/loyalty/traces/hasten-traces.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export type AddPointsRefusal =
  | { readonly reason: 'no-program' }
  /** Shopify may have told the workflow of a new customer before it told us: asked again later, we know them. */
  | { readonly reason: 'unknown-customer' }
  | { readonly reason: 'forgotten' }
  /** The merchant has taken this member out of the program. */
  | { readonly reason: 'excluded' }
  /** The run's id has given other points, or to somebody else. */
  | { readonly reason: 'other-run' };

export interface AddPointsRun extends PointsToAdd {
  /** Of Flow: the same for each attempt, so that a run gives its points once. */
  readonly runId: string;
  readonly step: string | null;
}

type AddingContext = Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'now' | 'sealedBox'>;

/** Gives points because a workflow says so. A run that is sent again is answered as the first time and gives nothing more. */
export async function addPoints(context: AddingContext, run: AddPointsRun): Promise<Result<{ points: number }, AddPointsRefusal>> {
  const { shop, inShop, pool } = context;
  const terms = await inShop((db) => loadProgramTerms(db, context));
  if (terms === null) return { ok: false, reason: 'no-program' };
  const add = () => withTenantConnection(pool, shop, (connection) => addOnce(context, connection, { run, terms }));
  try {
    const added = await add();
    if (added.ok) await hastenTraces(context);
    return added;
  } catch (error) {
    // Somebody else's points have this run's key by now, and are found.
    if (error instanceof EntryExistsError) return add();
    throw error;
  }
}

async function addOnce(
  { shop, now, sealedBox }: AddingContext,
  connection: pg.PoolClient,
  { run, terms }: { run: AddPointsRun; terms: ProgramTerms },
): Promise<Result<{ points: number }, AddPointsRefusal>> {
  const { customerId, points, note, step } = run;
  const key = `flow/${run.runId}`;
  const given = await findAddedPoints(connection, shop, key);
  if (given !== null) return answerAgain(given, run);
  if ((await Tombstones.loadOn(connection, sealedBox, shop)).buriesCustomer(customerId)) return { ok: false, reason: 'forgotten' };
  const unknown = await loadUnknownCustomers(connection, shop, [customerId]);
  if (unknown.size > 0) return { ok: false, reason: 'unknown-customer' };
  await enrolCustomers(connection, shop, { customerIds: [customerId], now: now() });
  const [member] = await holdMembers(connection, shop, { customerIds: [customerId] });
  if (member === undefined || member.mergedInto !== null) return { ok: false, reason: 'forgotten' };
  // Whoever has sent the same at once has written it by now.
  const givenMeanwhile = await findAddedPoints(connection, shop, key);
  if (givenMeanwhile !== null) return answerAgain(givenMeanwhile, run);
  if (member.isExcluded) return { ok: false, reason: 'excluded' };
  const nowDate = now();
  const nowMs = nowDate.getTime();
  const { newest, timeZone } = terms;
  const writer = new LedgerWriter(nowDate);
  const entry = writer.append(
    member,
    planAdjustment(member.ledger, {
      kind: 'adjustment',
      terms: lotTermsOf({ program: newest.program, occasionMs: nowMs, orderId: null, timeZone }),
      ...{ key, points, occurredAtMs: nowMs, nowMs },
      reason: { code: 'by-flow', step },
    }),
  );
  await writer.write(connection, shop, dueMsOf(terms, nowMs));
  if (note !== null) await appendNotes(connection, shop, [{ memberId: member.memberId, sequence: entry.sequence, note, staffId: null }]);
  return { ok: true, value: { points } };
}

/** Whoever was forgotten since has another number, and the points were given all the same. */
function answerAgain(given: { customerId: bigint; points: number }, { customerId, points }: AddPointsRun): Result<{ points: number }, AddPointsRefusal> {
  const isSame = given.points === points && (given.customerId === customerId || given.customerId < 0n);
  return isSame ? { ok: true, value: { points } } : { ok: false, reason: 'other-run' };
}
