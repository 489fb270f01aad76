import { loadAccountStanding } from '#app/adapters/db/accounts/account-standing.server.ts';
import { readOrderWithPromise } from '#app/adapters/db/loyalty/orders-to-award.server.ts';
import { loadShownTexts } from '#app/adapters/db/texts.repository.server.ts';
import type { TextsPlace } from '#app/adapters/db/texts.repository.server.ts';
import { loadOrderStanding } from '#app/adapters/db/shopper/order-standing.server.ts';
import type { ShopperOrder } from '#app/adapters/db/shopper/order-standing.server.ts';
import { allAnswers, readAtOnce } from '#app/adapters/db/brief-connection.server.ts';
import type { AccountStep, OrderPoints, OrderThanks } from '#app/contracts/order-thanks.ts';
import { chooseAccountStep } from '#app/domain/accounts/choose-account-step.ts';
import { assessForAward } from '#app/domain/loyalty/accrual/assess-order.ts';
import { withUnknownCollections } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import { tierAt } from '#app/domain/loyalty/tiers/tier-at.ts';
import { isOldOrder } from '#app/domain/offers/decide-offer.ts';
import { deriveRetryMs, judgeGiven, judgeUngiven } from '#app/domain/shopper/judge-order-points.ts';
import type { OrderPointsVerdict } from '#app/domain/shopper/judge-order-points.ts';
import { formatInstant } from '#app/domain/time/format-instant.ts';
import { loadShownProgram } from '#app/services/shopper/shopper-program.server.ts';
import type { ShownProgram } from '#app/services/shopper/shopper-program.server.ts';
import { tellAccountStep } from '#app/services/shopper/tell-account-step.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Our copy learns of an order within seconds of the buyer's click; who asks on waits ever longer by themself. */
const UNKNOWN_RETRY_MS = 600;
const NO_POINTS: OrderPoints = { state: 'none' };
const NO_STEP: AccountStep = { state: 'none' };
const NOTHING: OrderThanks = { points: NO_POINTS, account: NO_STEP };

type ThanksContext = Pick<ShopContext, 'shop' | 'pool' | 'now'>;

interface Asked {
  readonly orderId: bigint;
  /** Of a buyer who is signed in, as Shopify's token says; null when nobody is. */
  readonly customerId: bigint | null;
  /** Whose words it shows; null where none of the merchant's own can be meant. */
  readonly texts: TextsPlace | null;
}

/** What the page of an order says beside the code for the next one. Writes nothing. */
export async function getOrderThanks(context: ThanksContext, asked: Asked): Promise<OrderThanks> {
  const { shop, pool, now } = context;
  const isSignedIn = asked.customerId !== null;
  const [standing, account, own] = await readAtOnce(pool, shop, (connection) =>
    allAnswers([
      loadOrderStanding(connection, shop, asked.orderId),
      // Whoever is signed in has an account.
      isSignedIn ? null : loadAccountStanding(connection, shop, { ofOrder: asked.orderId, now: now() }),
      loadShownTexts(connection, shop, asked.texts),
    ]),
  );
  if (standing === null || !standing.shop.isInstalled) return NOTHING;
  const { order } = standing;
  const program = await loadShownProgram(null, context, standing.shop);
  const texts = Object.keys(own).length === 0 ? {} : { texts: own };
  if (order === null) return { points: program === null ? NO_POINTS : { state: 'pending', retryAfterMs: UNKNOWN_RETRY_MS }, account: NO_STEP, ...texts };
  if (!mayBeTold(order, asked, now().getTime())) return NOTHING;
  const points = program === null ? NO_POINTS : await pointsOf(context, { asked, order, program });
  if (account === null) return { points, account: NO_STEP, ...texts };
  const chosen = chooseAccountStep({ ...account, isSignedIn: false });
  return { points, account: await tellAccountStep(context, { chosen, order, program, points }), ...texts };
}

/** Another customer's order, and one that is too old for a page which is still open, look like one without points. */
function mayBeTold(order: ShopperOrder, { customerId }: Asked, nowMs: number): boolean {
  if (order.customerId !== null && order.customerId < 0n) return false;
  return customerId === null ? !isOldOrder(order, nowMs) : customerId === order.customerId;
}

interface PointsInput {
  readonly asked: Asked;
  readonly order: ShopperOrder;
  readonly program: ShownProgram;
}

async function pointsOf(context: ThanksContext, { asked, order, program }: PointsInput): Promise<OrderPoints> {
  const { given, member } = order;
  if (member?.isExcluded === true) return NO_POINTS;
  const verdict = given === null ? await judgeByRules(context, { asked, order, program }) : judgeGiven(given, program.nowMs);
  switch (verdict.state) {
    case 'none':
      return NO_POINTS;
    case 'pending':
      return { state: 'pending', retryAfterMs: deriveRetryMs(program.nowMs - order.createdAtMs), isPromised: verdict.isPromised };
    case 'ready':
      return {
        state: 'ready',
        points: verdict.points,
        standing: verdict.standing,
        spendableFrom: verdict.spendableFromMs === null ? null : formatInstant(verdict.spendableFromMs),
        balancePoints: asked.customerId === null ? null : (member?.balancePoints ?? 0),
      };
  }
}

/**
 * By the very function that the worker awards by. What a collection holds is Shopify's to say, which nobody waits for
 * here: where it matters, the order gives at least what it would if every product were in one that earns nothing.
 */
async function judgeByRules({ shop, pool }: ThanksContext, { asked, order, program }: PointsInput): Promise<OrderPointsVerdict> {
  const read = await readAtOnce(pool, shop, (connection) => readOrderWithPromise(connection, shop, asked.orderId));
  if (read === null) return { state: 'pending', isPromised: false };
  const { versions } = program.terms;
  const changes = order.member?.tierChanges ?? [];
  const assess = (one: EarningOrder) =>
    assessForAward(one, { entries: [], versions, tierIn: (version) => tierAt(version.program, changes, one.processedAtMs) });
  const judge = (one: EarningOrder) => {
    const award = assess(one);
    if (award === null) return null;
    const least = withUnknownCollections(one, award.version.program);
    return { ...award, leastPoints: least === one ? award.targetPoints : (assess(least)?.targetPoints ?? 0) };
  };
  return judgeUngiven({
    award: judge(read.order),
    promised: read.promised && judge(read.promised),
    isOfGuest: order.customerId === null,
    isAwarded: order.isAwarded,
  });
}
