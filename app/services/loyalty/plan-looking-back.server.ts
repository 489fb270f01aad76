import { countPastOrders, isImporting, loadPastProgress } from '#app/adapters/db/loyalty/past-awards.repository.server.ts';
import type { PastRange } from '#app/adapters/db/loyalty/past-awards.repository.server.ts';
import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { hasChangedMuch } from '#app/domain/loyalty/accrual/past-awards.ts';
import type { PastOrders } from '#app/domain/loyalty/accrual/past-awards.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { Result } from '#app/domain/result.ts';

export type LookingBackRefusal = {
  readonly reason:
    /** The past is another by much than the one whose cost the merchant was told, or they were told none. */
    | 'past-changed'
    /** Orders of before are on their way, and nobody can say yet what they come to. */
    | 'importing'
    /** Orders of before are being awarded already. */
    | 'under-way';
};

interface LookingBackInput {
  /** As it was. */
  readonly held: Program | null;
  /** As it will be. */
  readonly program: Program;
  readonly nowMs: number;
}

/** Which orders a program looks back at, that is not live yet or did not look back so far. Null where that cannot be now. */
export async function findPastRange(db: TenantDb, shop: ShopRef, { held, program, nowMs }: LookingBackInput): Promise<Result<PastRange, LookingBackRefusal>> {
  if (await isImporting(db, shop)) return { ok: false, reason: 'importing' };
  const progress = await loadPastProgress(db, shop);
  if (progress?.isUnderWay === true) return { ok: false, reason: 'under-way' };
  // What a live program reaches already has been awarded, or is awarded when it changes.
  const untilMs = held?.status.kind === 'live' ? held.earning.earnsFromMs : nowMs;
  return { ok: true, value: { fromMs: program.earning.earnsFromMs, untilMs } };
}

/** What is to be awarded, if it is what the merchant has seen. */
export async function planLookingBack(
  db: TenantDb,
  shop: ShopRef,
  { counted, ...input }: LookingBackInput & { readonly counted: PastOrders | null },
): Promise<Result<PastRange & { orders: number }, LookingBackRefusal>> {
  const range = await findPastRange(db, shop, input);
  if (!range.ok) return range;
  const past = await countPastOrders(db, shop, range.value);
  if (counted === null || hasChangedMuch(counted, past)) return { ok: false, reason: 'past-changed' };
  return { ok: true, value: { ...range.value, orders: past.orders } };
}
