import { withBriefConnection, withBriefTrial } from '#app/adapters/db/brief-connection.server.ts';
import { countPastOrders, readPastOrders } from '#app/adapters/db/loyalty/past-awards.repository.server.ts';
import type { PastRange } from '#app/adapters/db/loyalty/past-awards.repository.server.ts';
import { programSchema } from '#app/adapters/db/loyalty/program-schema.ts';
import { loadProgramHistory, loadProgramShop } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { addPastAwards, countPastAwards, NO_PAST_AWARDS } from '#app/domain/loyalty/accrual/past-awards.ts';
import type { PastAwards, PastOrders } from '#app/domain/loyalty/accrual/past-awards.ts';
import { changeStatus } from '#app/domain/loyalty/program/change-status.ts';
import type { StatusRefusal } from '#app/domain/loyalty/program/change-status.ts';
import { findProgramProblems } from '#app/domain/loyalty/program/find-program-problems.ts';
import type { Result } from '#app/domain/result.ts';
import { planAwards } from '#app/services/loyalty/award-orders.server.ts';
import { PAST_ORDERS_A_TURN, withCollectionsOf } from '#app/services/loyalty/award-past-orders.server.ts';
import { findPastRange } from '#app/services/loyalty/plan-looking-back.server.ts';
import type { LookingBackRefusal } from '#app/services/loyalty/plan-looking-back.server.ts';
import { MOST_VERSIONS } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import { withOwnStatus } from '#app/services/loyalty/save-program.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface PastQuestion {
  /** As a page sends it; null for the one that holds. */
  program: unknown;
  /** Calendar day of the shop. */
  sinceDay: number;
  /** Up to and with this customer all was counted by pieces before. */
  after: bigint;
}

/** A piece of the count: a large store's takes several, each of about a second. */
export interface PastPieceCounted {
  counted: PastAwards;
  /** Goes on after this customer; null once all were counted. */
  next: bigint | null;
  /** All that is looked back at, as it is now. */
  orders: PastOrders;
}

export type PastTrialRefusal = StatusRefusal | LookingBackRefusal | { readonly reason: 'unreadable' | 'shop-not-known-yet' | 'unanswered' };

/** Some 4,000 orders: about a second. */
const TURNS_A_PIECE = 20;

type TrialContext = Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'now' | 'admin'>;

/**
 * What looking back would come to, before anybody is given anything: each turn does what the worker's turn does, and is
 * then undone. Whatever an award goes by (who is left out, what was given before, tiers, bonuses) is in it, since it is the
 * award.
 */
export async function tryPastAwards(context: TrialContext, { after, ...question }: PastQuestion): Promise<Result<PastPieceCounted, PastTrialRefusal>> {
  const planned = await planTrial(context, question);
  if (!planned.ok) return planned;
  const { terms, range, orders } = planned.value;
  let counted = NO_PAST_AWARDS;
  let next: bigint | null = after;
  for (let turn = 0; turn < TURNS_A_PIECE && next !== null; turn += 1) {
    const tried = await tryTurn(context, { terms, range, after: next });
    if (tried === null) return { ok: false, reason: 'unanswered' };
    counted = addPastAwards(counted, tried.counted);
    next = tried.through;
  }
  return { ok: true, value: { counted, next, orders } };
}

interface Trial {
  terms: ProgramTerms;
  range: PastRange;
  orders: PastOrders;
}

/** The program as it would be, were it saved now. */
function planTrial({ shop, inShop, now }: TrialContext, { program: sent, sinceDay }: Omit<PastQuestion, 'after'>): Promise<Result<Trial, PastTrialRefusal>> {
  return inShop(async (db) => {
    const { currency, timeZone } = await loadProgramShop(db, shop);
    if (currency === null || timeZone === null) return { ok: false, reason: 'shop-not-known-yet' };
    const versions = (await loadProgramHistory(db, shop, { before: null, limit: MOST_VERSIONS })).reverse();
    const held = versions.at(-1)?.program ?? null;
    const read = sent === null ? null : programSchema.safeParse(sent);
    const edited = read === null ? held : read.success ? withOwnStatus(read.data, held) : null;
    if (edited === null || Object.keys(findProgramProblems(edited, { shopCurrency: currency })).length > 0) return { ok: false, reason: 'unreadable' };
    const nowMs = now().getTime();
    const changed = changeStatus(edited, { to: 'live', sinceDay }, { nowMs, timeZone });
    if (!changed.ok) return changed;
    const range = await findPastRange(db, shop, { held, program: changed.value, nowMs });
    if (!range.ok) return range;
    const newest = { version: (versions.at(-1)?.version ?? 0) + 1, program: changed.value, savedAtMs: nowMs };
    const terms = { versions: [...versions, newest], newest, timeZone, currency };
    return { ok: true, value: { terms, range: range.value, orders: await countPastOrders(db, shop, range.value) } };
  });
}

/** Null where Shopify does not say what collections hold. */
async function tryTurn(
  context: TrialContext,
  { terms, range, after }: { terms: ProgramTerms; range: PastRange; after: bigint },
): Promise<{ counted: PastAwards; through: bigint | null } | null> {
  const { shop, pool } = context;
  const piece = await withBriefConnection(pool, shop, (connection) => readPastOrders(connection, shop, { ...range, after, limit: PAST_ORDERS_A_TURN }));
  const orders = await withCollectionsOf(context, { piece, terms });
  if (orders === null) return null;
  const planned = await withBriefTrial(pool, shop, (connection) =>
    planAwards(context, connection, { orderIds: piece.orderIds, orders: () => orders(connection), terms }),
  );
  const ordersSeen = piece.orderIds.length;
  const counted = planned === null ? { ...NO_PAST_AWARDS, ordersSeen } : countPastAwards({ ...planned, ordersSeen }, terms.newest.program);
  return { counted, through: piece.through };
}
