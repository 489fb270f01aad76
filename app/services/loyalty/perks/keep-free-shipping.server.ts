import { loadFreeShipping, saveFreeShipping } from '#app/adapters/db/loyalty/free-shipping.repository.server.ts';
import { loadPrimaryLocale } from '#app/adapters/db/texts.repository.server.ts';
import { createNativeSegment, deleteNativeSegment, findNativeSegment } from '#app/adapters/shopify/native-segments.server.ts';
import {
  changeSegmentQuery,
  createFreeShipping,
  deleteFreeShipping,
  fetchFreeShipping,
  findFreeShipping,
  putOffFreeShipping,
} from '#app/adapters/shopify/tier-free-shipping.server.ts';
import { isChangedByHand, planFreeShipping } from '#app/domain/loyalty/perks/free-shipping.ts';
import type { FreeShippingPlan, FreeShippingState } from '#app/domain/loyalty/perks/free-shipping.ts';
import { freeShippingTitle } from '#app/domain/loyalty/perks/free-shipping-title.ts';
import { MS_PER_24_HOURS, MS_PER_HOUR, MS_PER_SECOND } from '#app/domain/time/durations.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import { traceProblemOf } from '#app/services/loyalty/traces/trace-problem.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** An app that is removed cannot end it, so it ends by itself unless it is put off: so far ahead, and once half is over. */
const LASTS_MS = 30 * MS_PER_24_HOURS;
const PUT_OFF_BELOW_MS = 15 * MS_PER_24_HOURS;
/** How late it is seen that a merchant has ended it by hand. */
const LOOK_EVERY_MS = 6 * MS_PER_HOUR;
const ASK_AGAIN_MS = MS_PER_24_HOURS;
const PAUSE_MS = 300 * MS_PER_SECOND;
const SEGMENT_NAME = 'Perennial: tiers with free shipping';

interface Meant {
  readonly terms: Pick<ProgramTerms, 'newest' | 'timeZone'>;
  readonly isTagging: boolean;
}

/**
 * Brings the free shipping of tiers in Shopify to what the program says: one automatic discount for a segment on the tags of
 * those tiers. Each call is on record before it goes out, and what may be there already is looked up first, so that there
 * are never two. Runs under a lock of the shop; what stops it holds up nothing else and is kept for the merchant to see.
 */
export async function keepFreeShipping(context: ShopContext, { terms, isTagging }: Meant): Promise<void> {
  const { shop, inShop, now } = context;
  const nowMs = now().getTime();
  const plan = planFreeShipping({ program: terms.newest.program, isTagging, nowMs, timeZone: terms.timeZone });
  const state = await inShop((db) => loadFreeShipping(db, shop));
  if (state === null ? plan === null : !isDue(state, plan, nowMs)) return;
  try {
    const isOver = state !== null && (plan === null || state.phase === 'anew');
    if (isOver && !(await takeBack(context, state))) return;
    if (plan !== null) await bringAbout(context, plan, isOver ? null : state);
  } catch (error) {
    const trouble = traceProblemOf(error);
    const left = await inShop((db) => loadFreeShipping(db, shop));
    if (left !== null) await note(context, left, { trouble, lookAtMs: now().getTime() + PAUSE_MS });
  }
}

function isDue({ phase, query, tierIds, trouble, lookAtMs }: FreeShippingState, plan: FreeShippingPlan | null, nowMs: number): boolean {
  if (nowMs >= lookAtMs) return true;
  if (trouble !== null) return false;
  if (plan === null || phase === 'making' || phase === 'anew') return true;
  return phase === 'in-force' && (query !== plan.query || tierIds.join() !== plan.tierIds.join());
}

async function bringAbout(context: ShopContext, plan: FreeShippingPlan, before: FreeShippingState | null): Promise<void> {
  const made = await ensureSegment(context, before ?? (await note(context, beginning(plan, context.now().getTime()), {})));
  const asking = made && (await ensureQuery(context, made, plan));
  if (asking === null) return;
  if (asking.discountGid === null) await ensureDiscount(context, asking, plan);
  else await lookAfter(context, asking, plan);
}

function beginning({ query }: FreeShippingPlan, nowMs: number): FreeShippingState {
  return { phase: 'making', query, segmentGid: null, discountGid: null, endsAtMs: 0, tierIds: [], trouble: null, lookAtMs: nowMs };
}

/**
 * Looked up however sure it seems that none was asked for: a database that was restored knows less than Shopify.
 * @returns null when Shopify does not take it
 */
async function ensureSegment(context: ShopContext, state: FreeShippingState): Promise<FreeShippingState | null> {
  if (state.segmentGid !== null) return state;
  const found = await findOwnSegment(context, state);
  if (found !== null) return note(context, state, { segmentGid: found });
  const made = await createNativeSegment(context.admin, { name: SEGMENT_NAME, query: state.query });
  if (made.ok) return note(context, state, { segmentGid: made.value.gid });
  await noteRefusal(context, state, 'refused');
  return null;
}

/** Of whatever age: no other segment has this name and asks the same. */
async function findOwnSegment({ admin }: ShopContext, { query }: FreeShippingState): Promise<string | null> {
  const found = await findNativeSegment(admin, { name: SEGMENT_NAME, query, since: new Date(0) });
  return found?.gid ?? null;
}

/** While it is under way nobody is told: whose tag it asks for is not known. */
async function ensureQuery(context: ShopContext, state: FreeShippingState, { query }: FreeShippingPlan): Promise<FreeShippingState | null> {
  if (state.query === query || state.segmentGid === null) return state;
  const narrowed = await note(context, state, { tierIds: [] });
  const answer = await changeSegmentQuery(context.admin, state.segmentGid, query);
  if (answer === 'done') return note(context, narrowed, { query });
  if (answer === 'gone') await noteByHand(context, narrowed);
  else await noteRefusal(context, narrowed, 'refused');
  return null;
}

async function ensureDiscount(context: ShopContext, state: FreeShippingState, plan: FreeShippingPlan): Promise<void> {
  const { shop, inShop, admin, now } = context;
  const { segmentGid } = state;
  if (segmentGid === null) return;
  const found = await findFreeShipping(admin, segmentGid);
  if (found !== null) return lookAfter(context, await note(context, state, { discountGid: found }), plan);
  const nowMs = now().getTime();
  const title = freeShippingTitle(await inShop((db) => loadPrimaryLocale(db, shop)));
  const asked = await note(context, state, { endsAtMs: nowMs + LASTS_MS });
  const made = await createFreeShipping(admin, { title, segmentGid, startsAtMs: nowMs, endsAtMs: asked.endsAtMs });
  if (made.ok) await noteInForce(context, { ...asked, discountGid: made.value }, plan);
  else await noteRefusal(context, asked, made.reason);
}

/** The merchant may have ended it, and means it. Anything else that they changed about it is theirs and stays. */
async function lookAfter(context: ShopContext, state: FreeShippingState, plan: FreeShippingPlan): Promise<void> {
  const { admin, now } = context;
  const { discountGid } = state;
  if (discountGid === null) return;
  const nowMs = now().getTime();
  const found = await fetchFreeShipping(admin, discountGid);
  if (found === null || isChangedByHand(found, state, nowMs)) return noteByHand(context, state);
  const { endsAtMs } = found;
  if (endsAtMs === null || endsAtMs >= nowMs + PUT_OFF_BELOW_MS) return noteInForce(context, { ...state, endsAtMs: endsAtMs ?? nowMs + LASTS_MS }, plan);
  const putOff = nowMs + LASTS_MS;
  if (await putOffFreeShipping(admin, discountGid, putOff)) await noteInForce(context, { ...state, endsAtMs: putOff }, plan);
  else await noteRefusal(context, { ...state, endsAtMs }, 'refused');
}

/**
 * The discount before the segment, so that it never stands without one.
 * @returns false when Shopify keeps either
 */
async function takeBack(context: ShopContext, state: FreeShippingState): Promise<boolean> {
  const { shop, inShop, admin, now } = context;
  const narrowed = await note(context, state, { tierIds: [] });
  const segmentGid = state.segmentGid ?? (await findOwnSegment(context, state));
  const discountGid = state.discountGid ?? (segmentGid === null ? null : await findFreeShipping(admin, segmentGid));
  const isGone = (discountGid === null || (await deleteFreeShipping(admin, discountGid))) && (segmentGid === null || (await deleteNativeSegment(admin, segmentGid)).ok);
  if (!isGone) {
    await note(context, narrowed, { trouble: 'refused', lookAtMs: now().getTime() + MS_PER_HOUR });
    return false;
  }
  await inShop((db) => saveFreeShipping(db, shop, null));
  return true;
}

async function noteInForce(context: ShopContext, state: FreeShippingState, { tierIds }: FreeShippingPlan): Promise<void> {
  await note(context, state, { phase: 'in-force', tierIds, trouble: null, lookAtMs: context.now().getTime() + LOOK_EVERY_MS });
}

async function noteByHand(context: ShopContext, state: FreeShippingState): Promise<void> {
  await note(context, state, { phase: 'by-hand', tierIds: [], trouble: null, lookAtMs: context.now().getTime() + LOOK_EVERY_MS });
}

async function noteRefusal(context: ShopContext, state: FreeShippingState, phase: 'refused' | 'too-many'): Promise<void> {
  await note(context, state, { phase, tierIds: [], trouble: null, lookAtMs: context.now().getTime() + ASK_AGAIN_MS });
}

async function note({ shop, inShop }: ShopContext, state: FreeShippingState, change: Partial<FreeShippingState>): Promise<FreeShippingState> {
  const next = { ...state, ...change };
  await inShop((db) => saveFreeShipping(db, shop, next));
  return next;
}
