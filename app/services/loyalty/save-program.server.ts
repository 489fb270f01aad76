import { programSchema } from '#app/adapters/db/loyalty/program-schema.ts';
import { beginPastAwards } from '#app/adapters/db/loyalty/past-awards.repository.server.ts';
import { appendProgramVersion, loadNewestProgram, lockShopForProgram, putProgress } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { loadSegmentTags } from '#app/adapters/db/segment-targets.repository.server.ts';
import type { PastOrders } from '#app/domain/loyalty/accrual/past-awards.ts';
import { changeStatus } from '#app/domain/loyalty/program/change-status.ts';
import type { StatusChange, StatusRefusal } from '#app/domain/loyalty/program/change-status.ts';
import type { FieldProblems } from '#app/domain/loyalty/program/field-problems.ts';
import { findProgramProblems } from '#app/domain/loyalty/program/find-program-problems.ts';
import { findTakenTags } from '#app/domain/loyalty/program/find-tier-problems.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { Result } from '#app/domain/result.ts';
import { planLookingBack } from '#app/services/loyalty/plan-looking-back.server.ts';
import type { LookingBackRefusal } from '#app/services/loyalty/plan-looking-back.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface ProgramToSave {
  /** The version that was seen when it was changed; 0 for the one that was suggested. */
  basedOn: number;
  /** As a page sends it; null leaves what holds. Status and start are not in its power. */
  program: unknown;
  change: StatusChange | null;
  /** For a change that looks back at past orders: those that the merchant was told the cost of. */
  counted?: PastOrders | null;
  savedBy: string | null;
  /** False for somebody of the staff whom the owner did not name: the most points of one adjustment is not theirs to set. */
  mayChangeLimit?: boolean;
}

export type SaveProgramRefusal =
  | StatusRefusal
  /** Not of the shape of a program: no page of ours sends it. */
  | { readonly reason: 'unreadable' }
  | { readonly reason: 'shop-not-known-yet' }
  | { readonly reason: 'wrong-fields'; readonly problems: FieldProblems }
  | LookingBackRefusal
  | { readonly reason: 'limit-not-yours' }
  /** Somebody saved meanwhile, in another window perhaps. */
  | { readonly reason: 'changed-meanwhile'; readonly version: number; readonly savedAtMs: number };

type SavingContext = Pick<ShopContext, 'shop' | 'inShop' | 'now'>;

/**
 * Keeps the program as a version more, unless it is what holds already. Whoever has seen an older version is told, so that
 * two windows never undo each other unseen.
 */
export async function saveProgram(
  { shop, inShop, now }: SavingContext,
  { basedOn, program: sent, change, counted = null, savedBy, mayChangeLimit = true }: ProgramToSave,
): Promise<Result<{ version: number }, SaveProgramRefusal>> {
  const parsed = sent === null ? null : programSchema.safeParse(sent);
  if (parsed?.success === false) return { ok: false, reason: 'unreadable' };
  return inShop(async (db) => {
    const { currency, timeZone, dataVersion } = await lockShopForProgram(db, shop);
    if (currency === null || timeZone === null) return { ok: false, reason: 'shop-not-known-yet' };
    const newest = await loadNewestProgram(db, shop);
    const held = newest?.program ?? null;
    const edited = parsed === null ? held : withOwnStatus(parsed.data, held);
    if (edited === null) return { ok: false, reason: 'unreadable' };
    if (!mayChangeLimit && edited.earning.maximumPointsByHand !== (held?.earning.maximumPointsByHand ?? null)) return { ok: false, reason: 'limit-not-yours' };
    // After the lock: an order that comes in later is later by every clock.
    const savedAt = now();
    const nowMs = savedAt.getTime();
    const changed = change === null ? { ok: true as const, value: edited } : changeStatus(edited, change, { nowMs, timeZone });
    if (!changed.ok) return changed;
    const program = changed.value;
    if (newest !== null && isSame(program, newest.program)) return { ok: true, value: { version: newest.version } };
    const seen = newest?.version ?? 0;
    if (seen !== basedOn) return { ok: false, reason: 'changed-meanwhile', version: seen, savedAtMs: newest?.savedAtMs ?? 0 };
    const lookingBack = change?.to === 'live' && change.sinceDay !== undefined ? await planLookingBack(db, shop, { held, program, counted, nowMs }) : null;
    if (lookingBack?.ok === false) return lookingBack;
    const takenTags = findTakenTags(program.tiers, { held: held?.tiers ?? null, ofSegments: await loadSegmentTags(db, shop) });
    const problems = { ...takenTags, ...findProgramProblems(program, { shopCurrency: currency }) };
    if (Object.keys(problems).length > 0) return { ok: false, reason: 'wrong-fields', problems };
    const version = seen + 1;
    await appendProgramVersion(db, shop, { version, program, savedAtMs: nowMs, savedBy });
    const begins = (held === null || held.status.kind === 'off') && program.status.kind !== 'off';
    await putProgress(db, shop, { status: program.status, begins, dataVersion, now: savedAt });
    // The worker's upkeep tells the storefront, within a second, whether there is anything to show.
    if (held?.status.kind !== program.status.kind) await db.shop.update({ where: { shopId: shop.shopId }, data: { upkeepDueAt: savedAt } });
    if (lookingBack !== null) await beginPastAwards(db, shop, lookingBack.value);
    return { ok: true, value: { version } };
  });
}

/** A page changes what is earned and spent; whether the program runs, and from when, is changed by name. */
export function withOwnStatus(edited: Program, held: Program | null): Program {
  return {
    ...edited,
    status: held?.status ?? { kind: 'off' },
    earning: { ...edited.earning, earnsFromMs: held?.earning.earnsFromMs ?? 0 },
  };
}

/** Both were read by the schema, which puts keys in its own order. */
function isSame(one: Program, other: Program): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
