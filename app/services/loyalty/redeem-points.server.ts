import { createHash } from 'node:crypto';

import pg from 'pg';

import { withBriefConnection } from '#app/adapters/db/brief-connection.server.ts';
import type { AskLast } from '#app/adapters/db/brief-connection.server.ts';
import { LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import type { HeldMember } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { holdCustomer } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { readNewestProgram } from '#app/adapters/db/loyalty/newest-program.server.ts';
import type { NewestProgram } from '#app/adapters/db/loyalty/newest-program.server.ts';
import { countRedemptions, findRequestedRedemption, insertRedemption } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import type { RequestedRedemption } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import { planReserve } from '#app/domain/loyalty/ledger/plan-redemption.ts';
import type { MoneyAmount } from '#app/domain/loyalty/program/program.ts';
import { chooseReward } from '#app/domain/loyalty/redemption/choose-reward.ts';
import type { ChoiceRefusal, ChosenReward } from '#app/domain/loyalty/redemption/choose-reward.ts';
import type { Result } from '#app/domain/result.ts';
import { failpoint } from '#app/failpoint.server.ts';
import { deriveRewardCode } from '#app/services/loyalty/derive-reward-code.server.ts';
import { passTimeOf } from '#app/services/loyalty/pass-time.server.ts';
import { dueMsOf } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
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

type RedeemContext = Pick<ShopContext, 'shop' | 'pool' | 'now' | 'newId' | 'sealedBox'>;
type Redeemed = Result<RedemptionReceipt, RedeemRefusal>;

const UNIQUE_VIOLATION = '23505';

/**
 * Puts points aside for a reward. The worker makes the discount; until it is there, used, or given up, the points are the
 * redemption's. Two who spend the last points at once wait for each other, and the second is refused.
 */
export async function redeemPoints(context: RedeemContext, input: RedeemInput): Promise<Redeemed> {
  const { pool, shop } = context;
  const attempt = (): Promise<Redeemed> =>
    withBriefConnection(pool, shop, async (connection, askLast) => {
      // The row is held before the rest is read, so that a copy of the request that came first is seen.
      const [held, earlier, newest] = await Promise.all([
        holdCustomer(connection, shop, input.customerId),
        findRequestedRedemption(connection, shop, input.requestKey),
        readNewestProgram(connection, shop),
      ]);
      if (newest === null) return { ok: false, reason: 'no-program' };
      return reserve(context, connection, { input, held, earlier, terms: termsOf(newest), askLast });
    });
  try {
    return await attempt();
  } catch (error) {
    // A copy of the request under another customer came first, or the one code in 2^50: both are found this time.
    if (error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION) return attempt();
    throw error;
  }
}

function termsOf({ currency, timeZone, ...newest }: NewestProgram): ProgramTerms {
  return { versions: [newest], newest, currency, timeZone };
}

interface ReserveInput {
  readonly input: RedeemInput;
  readonly held: HeldMember | undefined;
  readonly earlier: RequestedRedemption | null;
  readonly terms: ProgramTerms;
  readonly askLast: AskLast;
}

async function reserve(context: RedeemContext, connection: pg.PoolClient, { input, held, earlier, terms, askLast }: ReserveInput): Promise<Redeemed> {
  const { shop, now } = context;
  const requestHash = hashOf(input);
  if (earlier !== null) {
    return requestHash.equals(earlier.requestHash) ? { ok: true, value: receiptOf(earlier) } : { ok: false, reason: 'request-changed' };
  }
  if (held === undefined) return { ok: false, reason: 'no-member' };
  if (held.isExcluded) return { ok: false, reason: 'excluded' };
  const nowDate = now();
  const nowMs = nowDate.getTime();
  const chosen = choose(input, terms, nowMs);
  if (!chosen.ok) return chosen;
  const { reward } = chosen.value;
  if (reward.limitAMember !== null) {
    const times = await countRedemptions(connection, shop, held.memberId);
    if ((times.get(reward.id) ?? 0) >= reward.limitAMember) return { ok: false, reason: 'limit-reached', limit: reward.limitAMember };
  }
  const member = await upToDate(context, connection, { member: held, terms, nowMs });
  const redemptionId = context.newId();
  const draft = planReserve(member.ledger, chosen.value.points, {
    redemptionId,
    programVersion: terms.newest.version,
    nowMs,
    reason: { code: 'reward-chosen', rewardId: reward.id, kind: reward.gives.kind },
  });
  if (!draft.ok) return draft;
  const writer = new LedgerWriter(nowDate);
  writer.append(member, draft.value);
  await failpoint('redeem-inside');
  const receipt = receiptOf({ ...chosen.value, redemptionId, rewardId: reward.id, reservedAtMs: nowMs });
  const redemption = {
    ...receipt,
    memberId: member.memberId,
    requestKey: input.requestKey,
    requestHash,
    programVersion: terms.newest.version,
    code: reward.gives.kind === 'store-credit' ? null : deriveRewardCode(context, redemptionId, 0),
  };
  askLast(() => [writer.write(connection, shop, dueMsOf(terms, nowMs)), insertRedemption(connection, shop, redemption)]);
  return { ok: true, value: receipt };
}

function choose(input: RedeemInput, { newest, timeZone, currency }: ProgramTerms, nowMs: number): Result<ChosenReward, ChoiceRefusal> {
  const { program } = newest;
  const isCredit = program.rewards.some(({ id, gives }) => id === input.rewardId && gives.kind === 'store-credit');
  const choice = { rewardId: input.rewardId, points: input.points, currency: isCredit ? (input.currency ?? currency) : currency };
  return chooseReward(choice, { program, nowMs, timeZone });
}

/** The worker may not have come yet to what is over since: those points are not to be spent, and matured ones are. */
async function upToDate(
  context: RedeemContext,
  connection: pg.PoolClient,
  { member, terms, nowMs }: { member: HeldMember; terms: ProgramTerms; nowMs: number },
): Promise<HeldMember> {
  const dueMs = dueMsOf(terms, nowMs)(member);
  if (dueMs === null || dueMs > nowMs) return member;
  const [passed] = await passTimeOf(context, connection, { memberIds: [member.memberId], terms });
  return passed ?? member;
}

/** Written out in one place, so that the same request is answered byte for byte alike. */
function receiptOf({ redemptionId, rewardId, points, worth, reservedAtMs, expiresAtMs }: RedemptionReceipt): RedemptionReceipt {
  const amount = worth && { amountMinor: worth.amountMinor, currency: worth.currency };
  return { redemptionId, rewardId, points, worth: amount, reservedAtMs, expiresAtMs };
}

/** Of everything that is asked for; the key stands beside it. */
function hashOf({ customerId, rewardId, points, currency }: RedeemInput): Buffer {
  return createHash('sha256').update(JSON.stringify([String(customerId), rewardId, points, currency])).digest();
}
