import { appendDiscount } from '#app/adapters/db/offers/offer-codes.repository.server.ts';
import { loadOfferSettings, loadOfferShop } from '#app/adapters/db/offers/offer-settings.repository.server.ts';
import {
  appendPoolCodes,
  countBusiestHour,
  countPoolAttempts,
  failPoolCodes,
  loadIntendedCodes,
  loadPoolState,
  loadStocks,
  markAdded,
  noteTarget,
  planNextLook,
} from '#app/adapters/db/offers/pool-stock.repository.server.ts';
import type { IntendedCode, PoolState, PoolStock } from '#app/adapters/db/offers/pool-stock.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import { addRedeemCodes, findRedeemCodes, MAX_CODES_A_CALL } from '#app/adapters/shopify/discounts.server.ts';
import { offerCodeOfHash } from '#app/domain/offers/offer-code.ts';
import { isCodeRule, planDiscountsAhead } from '#app/domain/offers/plan-discount.ts';
import type { DiscountPlan } from '#app/domain/offers/plan-discount.ts';
import { codesToMake, nextLookAt, poolTarget } from '#app/domain/offers/pool/plan-pool.ts';
import type { PoolLook } from '#app/domain/offers/pool/plan-pool.ts';
import { MS_PER_HOUR } from '#app/domain/time/durations.ts';
import { failpoint } from '#app/failpoint.server.ts';
import { shopifyOr } from '#app/services/loyalty/ask-shopify.server.ts';
import { ensureDiscount } from '#app/services/offers/ensure-discount.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

type PoolContext = Pick<ShopContext, 'shop' | 'inShop' | 'admin' | 'sealedBox' | 'now' | 'wait' | 'randomBytes'>;

/** A turn ends after so many sendings, a few seconds, so that other shops have theirs. */
const CALLS_A_TURN = 4;
/** What Shopify did not take after so many sendings, each followed by a look, is somebody else's code. */
const MAX_SENDINGS = 3;
const BYTES_A_CODE = 8;
/** What comes of a look that every discount has had its turn in. */
const WENT_THROUGH: ReadonlySet<PoolLook> = new Set(['full', 'refused']);

interface PoolPlan {
  state: PoolState;
  /** When it was looked. */
  lookedAt: Date;
  /** Null before the first sync: nobody knows in which currency an amount would be, nor when a day ends. */
  plans: readonly DiscountPlan[] | null;
  target: number;
  /** Once an hour Shopify is asked for the discounts too: the merchant may have ended or deleted one. */
  isThorough: boolean;
  stocks: ReadonlyMap<string, PoolStock>;
}

/**
 * Makes codes ahead for every rule that gives some, so that a thank-you page finds one waiting. Runs under a lock of the
 * shop, again while codes are missing, and after a kill at any point: each code is on record before it is sent, and what may
 * have been sent is looked for before it is sent again. A code is given to nobody before Shopify has it.
 */
export async function fillOfferPool(context: PoolContext): Promise<PoolLook> {
  const { shop, inShop, now } = context;
  const pool = await inShop((db) => planPool(context, db));
  if (pool === null) return 'full';
  const look = pool.plans === null ? 'unavailable' : await fillDiscounts(context, { ...pool, plans: pool.plans });
  const endedAt = now();
  const dueAt = new Date(nextLookAt(look, endedAt.getTime()));
  await inShop(async (db) => {
    // Not before: what was cut off, or broke off, is looked at as thoroughly the next time.
    if (pool.isThorough && WENT_THROUGH.has(look)) await noteTarget(db, shop, { target: pool.target, now: pool.lookedAt });
    await planNextLook(db, shop, { settingsAt: pool.state.settingsAt, lookedAt: pool.lookedAt, dueAt, now: endedAt });
  });
  return look;
}

/** Null where there is nothing to fill. */
async function planPool({ shop, now }: PoolContext, db: TenantDb): Promise<PoolPlan | null> {
  const state = await loadPoolState(db, shop);
  if (state === null || !state.isEnabled) return null;
  const { currency, timeZone } = await loadOfferShop(db, shop);
  const { rules } = await loadOfferSettings(db, shop, { currency });
  const lookedAt = now();
  const nowMs = lookedAt.getTime();
  const place = currency === null ? null : { currency, timeZone };
  const plans = place && rules.filter(({ isEnabled }) => isEnabled).filter(isCodeRule).flatMap((rule) => planDiscountsAhead(rule, nowMs, place));
  const isThorough = state.targetAt === null || nowMs - state.targetAt.getTime() >= MS_PER_HOUR;
  const target = isThorough || state.target === null ? poolTarget(await countBusiestHour(db, shop, lookedAt)) : state.target;
  for (const plan of plans ?? []) await appendDiscount(db, shop, plan, lookedAt);
  return { state, lookedAt, plans, target, isThorough, stocks: await loadStocks(db, shop, (plans ?? []).map(({ discountKey }) => discountKey)) };
}

async function fillDiscounts(
  context: PoolContext,
  { plans, stocks, target, isThorough }: PoolPlan & { plans: readonly DiscountPlan[] },
): Promise<PoolLook> {
  let calls = CALLS_A_TURN;
  let isRefused = false;
  const looks = plans.map((plan) => ({ plan, stock: stocks.get(plan.discountKey) ?? { free: 0, intended: 0, discountGid: null } }));
  const isShort = ({ stock }: { stock: PoolStock }) => stock.intended > 0 || codesToMake(stock, target) > 0;
  const short = looks.filter(isShort);
  // Those that are full come last, so that they are asked for once, in the turn that gets through with the others.
  for (const { plan, stock } of isThorough ? [...short, ...looks.filter((one) => !isShort(one))] : short) {
    if (calls <= 0) return 'more';
    const filled = await fillOrTell(context, { plan, stock, target, calls });
    // The others would meet the same silence.
    if (filled.look === 'unavailable' || filled.look === 'access') return filled.look;
    if (filled.look === 'more') return 'more';
    isRefused ||= filled.look === 'refused';
    calls -= filled.calls;
  }
  return isRefused ? 'refused' : 'full';
}

interface Filling {
  plan: DiscountPlan;
  stock: PoolStock;
  target: number;
  calls: number;
}

interface Filled {
  look: PoolLook;
  /** How many times codes were sent. */
  calls: number;
}

async function fillOrTell(context: PoolContext, filling: Filling): Promise<Filled> {
  return shopifyOr<Filled, Filled>(
    () => fillDiscount(context, filling),
    // One that is refused leaves the turn to the others, which it would otherwise be before each time.
    async (error) => ({ look: error === 'unavailable' || error === 'access' ? error : 'refused', calls: 0 }),
  );
}

async function fillDiscount(context: PoolContext, { plan, stock, target, calls }: Filling): Promise<Filled> {
  const { shop, inShop, now } = context;
  const { discountKey } = plan;
  const discount = await ensureDiscount(context, plan, stock.discountGid);
  // What the merchant has ended stays ended: its rule can be switched off or changed.
  if (!discount.ok) return { look: discount.reason === 'over' ? 'full' : 'refused', calls: 0 };
  await inShop(async (db) => {
    // Counted again: codes of a discount that is gone went with it.
    const present = (await loadStocks(db, shop, [discountKey])).get(discountKey) ?? stock;
    const codes = Array.from({ length: codesToMake(present, target) }, () => offerCodeOfHash(context.randomBytes(BYTES_A_CODE)));
    if (codes.length > 0) await appendPoolCodes(db, shop, { discountKey, codes, now: now() });
  });
  for (let sent = 0; sent < calls; sent += 1) {
    const waiting = await inShop((db) => loadIntendedCodes(db, shop, { discountKey, limit: MAX_CODES_A_CALL }));
    if (waiting.length === 0) return { look: 'full', calls: sent };
    // Refused as a whole, as after a deletion just now: the next look finds out, and other rules do not wait for it.
    if (!(await bringCodes(context, discount.value, waiting))) return { look: 'refused', calls: sent + 1 };
  }
  return { look: 'more', calls };
}

/** @returns false when Shopify takes none for this discount */
async function bringCodes(context: PoolContext, discountGid: string, waiting: readonly IntendedCode[]): Promise<boolean> {
  const { shop, inShop, admin, now } = context;
  const unsent = [...waiting.filter(({ attempts }) => attempts === 0), ...(await lookForSent(context, discountGid, waiting))].map(({ code }) => code);
  if (unsent.length === 0) return true;
  await inShop((db) => countPoolAttempts(db, shop, unsent));
  await failpoint('pool-after-intent');
  const added = await addRedeemCodes(admin, discountGid, unsent, context.wait);
  await failpoint('pool-after-send');
  if (added.ok) await inShop((db) => markAdded(db, shop, [...added.value], now()));
  return added.ok;
}

/** @returns those that were sent before, are not there, and may be sent again */
async function lookForSent(context: PoolContext, discountGid: string, waiting: readonly IntendedCode[]): Promise<IntendedCode[]> {
  const { shop, inShop, admin, now } = context;
  const sent = waiting.filter(({ attempts }) => attempts > 0);
  if (sent.length === 0) return [];
  const found = (await findRedeemCodes(admin, discountGid, sent.map(({ code }) => code))) ?? new Set<string>();
  const missing = sent.filter(({ code }) => !found.has(code));
  const hopeless = missing.filter(({ attempts }) => attempts >= MAX_SENDINGS);
  await inShop(async (db) => {
    await markAdded(db, shop, [...found], now());
    await failPoolCodes(db, shop, hopeless.map(({ code }) => code), 'not-added');
  });
  return missing.filter(({ attempts }) => attempts < MAX_SENDINGS);
}
