import type pg from 'pg';

import { findAdjustment } from '#app/adapters/db/loyalty/adjustments.repository.server.ts';
import type { KnownAdjustment } from '#app/adapters/db/loyalty/adjustments.repository.server.ts';
import { loadUnknownCustomers } from '#app/adapters/db/loyalty/known-customers.server.ts';
import { LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { enrolCustomers, holdMembers } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { appendNotes } from '#app/adapters/db/loyalty/notes.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { pseudonymOf, Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
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
  /** More than the program lets anybody give at once: a workflow is no way around it. */
  | { readonly reason: 'over-limit' }
  /** The run's id has given other points, or to somebody else, or by other words. */
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
  const added = await withTenantConnection(pool, shop, (connection) => addOnce(context, connection, { run, terms }));
  if (added.ok) await hastenTraces(context);
  return added;
}

async function addOnce(
  context: AddingContext,
  connection: pg.PoolClient,
  { run, terms }: { run: AddPointsRun; terms: ProgramTerms },
): Promise<Result<{ points: number }, AddPointsRefusal>> {
  const { shop, now, sealedBox } = context;
  const { customerId, points, note, step } = run;
  // Holds the shop's row: whoever has sent the same at once has written it by then.
  const tombstones = await Tombstones.loadOn(connection, sealedBox, shop);
  const key = `flow/${run.runId}`;
  const given = await findAdjustment(connection, shop, key);
  if (given !== null) return answerAgain(context, run, { given, tombstones });
  if (points > (terms.newest.program.earning.maximumPointsByHand ?? points)) return { ok: false, reason: 'over-limit' };
  if (tombstones.buriesCustomer(customerId)) return { ok: false, reason: 'forgotten' };
  const unknown = await loadUnknownCustomers(connection, shop, [customerId]);
  if (unknown.size > 0) return { ok: false, reason: 'unknown-customer' };
  await enrolCustomers(connection, shop, { customerIds: [customerId], now: now() });
  const [member] = await holdMembers(connection, shop, { customerIds: [customerId] });
  if (member === undefined || member.mergedInto !== null) return { ok: false, reason: 'forgotten' };
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

/** Whoever went up in another since, or was forgotten, has another number, and the points were given all the same. */
function answerAgain(
  { shop, sealedBox }: AddingContext,
  { customerId, points, note }: AddPointsRun,
  { given, tombstones }: { given: KnownAdjustment; tombstones: Tombstones },
): Result<{ points: number }, AddPointsRefusal> {
  const owner = tombstones.ownerAfterMerges(customerId);
  const isForgotten = given.customerId < 0n;
  const isTheirs = given.customerId === (isForgotten && owner > 0n ? pseudonymOf(sealedBox, shop, owner) : owner);
  // With the person, what was noted about them is forgotten.
  const isSame = isTheirs && given.points === points && (isForgotten || given.note === note);
  return isSame ? { ok: true, value: { points } } : { ok: false, reason: 'other-run' };
}
