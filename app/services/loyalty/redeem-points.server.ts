import pg from 'pg';

import type { MoneyAmount } from '#app/domain/loyalty/program/program.ts';
import type { ChoiceRefusal } from '#app/domain/loyalty/redemption/choose-reward.ts';
import type { Result } from '#app/domain/result.ts';
import { GatheredWork } from '#app/services/gathered-work.server.ts';
import { reserveTogether } from '#app/services/loyalty/reserve-together.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface RedeemInput {
  readonly customerId: bigint;
  readonly rewardId: string;
  /** How many, for a reward of any amount; null for the price of the others. */
  readonly points: number | null;
  /** Of store credit; null for the shop's, which discounts always are in. */
  readonly currency: string | null;
  /** Chosen by who asks, for this one wish: asked again with the same key, nothing more happens. */
  readonly requestKey: string;
}

/** What was put aside. Nothing of it changes, so that the same request has the same answer for ever. */
export interface RedemptionReceipt {
  readonly redemptionId: string;
  readonly rewardId: string;
  readonly points: number;
  readonly worth: MoneyAmount | null;
  readonly reservedAtMs: number;
  readonly expiresAtMs: number;
}

export type RedeemRefusal =
  | ChoiceRefusal
  | { readonly reason: 'no-program' }
  | { readonly reason: 'no-member' }
  | { readonly reason: 'excluded' }
  | { readonly reason: 'limit-reached'; readonly limit: number }
  | { readonly reason: 'insufficient-points'; readonly availablePoints: number }
  /** The key was used for something else before. */
  | { readonly reason: 'request-changed' };

export type RedeemContext = Pick<ShopContext, 'shop' | 'pool' | 'now' | 'newId' | 'sealedBox'>;
export type Redeemed = Result<RedemptionReceipt, RedeemRefusal>;

interface Wish {
  readonly context: RedeemContext;
  readonly input: RedeemInput;
}

type ShopWishes = GatheredWork<Wish, Redeemed>;

const UNIQUE_VIOLATION = '23505';
const wishesByPool = new WeakMap<pg.Pool, Map<number, ShopWishes>>();

/**
 * Puts points aside for a reward. The worker makes the discount; until it is there, used, or given up, the points are the
 * redemption's. Two who spend the last points at once wait for each other, and the second is refused. Those who ask one
 * process at once share a transaction.
 */
export function redeemPoints(context: RedeemContext, input: RedeemInput): Promise<Redeemed> {
  return wishesOf(context).ask({ context, input });
}

function wishesOf({ pool, shop: { shopId } }: RedeemContext): ShopWishes {
  const shops = wishesByPool.get(pool) ?? new Map<number, ShopWishes>();
  wishesByPool.set(pool, shops);
  const known = shops.get(shopId);
  if (known !== undefined) return known;
  const wishes: ShopWishes = new GatheredWork({
    work: redeemTogether,
    keyOf: ({ input }) => input.requestKey,
    laneOf: ({ input }) => String(input.customerId),
    onIdle: () => shops.delete(shopId),
  });
  shops.set(shopId, wishes);
  return wishes;
}

/** Customers whose row somebody else holds are waited for, each by themselves, while the next go on. */
async function redeemTogether(wishes: readonly Wish[]): Promise<Map<Wish, Redeemed | Promise<Redeemed>>> {
  const answers = new Map<Wish, Redeemed | Promise<Redeemed>>(await redeemFree(wishes));
  const left = wishes.filter((wish) => !answers.has(wish));
  for (const customerId of new Set(left.map(({ input }) => input.customerId))) {
    const mine = left.filter(({ input }) => input.customerId === customerId);
    const answered = redeemOfCustomer(mine);
    for (const wish of mine) answers.set(wish, answered.then((each) => answerOf(each, wish)));
  }
  return answers;
}

/** Without those that are to be asked again by themselves. */
async function redeemFree(wishes: readonly Wish[]): Promise<Map<Wish, Redeemed>> {
  try {
    return await reserve(wishes, { waits: false });
  } catch (error) {
    if (isTaken(error)) return new Map();
    throw error;
  }
}

async function redeemOfCustomer(wishes: readonly Wish[]): Promise<Map<Wish, Redeemed>> {
  try {
    return await reserve(wishes, { waits: true });
  } catch (error) {
    if (!isTaken(error)) throw error;
    // A copy of the request under another customer came first, or the one code in 2^50: both are found this time.
    const answers = wishes.length === 1 ? [reserve(wishes, { waits: true })] : wishes.map((wish) => redeemOfCustomer([wish]));
    return new Map((await Promise.all(answers)).flatMap((each) => [...each]));
  }
}

async function reserve(wishes: readonly Wish[], how: { waits: boolean }): Promise<Map<Wish, Redeemed>> {
  const [first] = wishes;
  if (first === undefined) return new Map();
  const answers = await reserveTogether(first.context, wishes.map(({ input }) => input), how);
  return new Map(wishes.flatMap((wish, index) => {
    const answer = answers[index];
    return answer === undefined || answer === null ? [] : [[wish, answer] as const];
  }));
}

function isTaken(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION;
}

function answerOf(answers: ReadonlyMap<Wish, Redeemed>, wish: Wish): Redeemed {
  const answer = answers.get(wish);
  if (answer === undefined) throw new Error('a wish was not answered');
  return answer;
}
