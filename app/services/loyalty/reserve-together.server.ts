import { createHash } from 'node:crypto';

import type pg from 'pg';

import { allAnswers, withBriefConnection } from '#app/adapters/db/brief-connection.server.ts';
import { LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import type { HeldMember } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { holdCustomers } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { readTerms } from '#app/adapters/db/loyalty/newest-program.server.ts';
import { countRedemptions, findRequestedRedemptions, insertRedemptions } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import type { NewRedemption, RequestedRedemption } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import { planReserve } from '#app/domain/loyalty/ledger/plan-redemption.ts';
import { chooseReward } from '#app/domain/loyalty/redemption/choose-reward.ts';
import type { ChoiceRefusal, ChosenReward } from '#app/domain/loyalty/redemption/choose-reward.ts';
import type { Result } from '#app/domain/result.ts';
import { failpoint } from '#app/failpoint.server.ts';
import { deriveRewardCode } from '#app/services/loyalty/derive-reward-code.server.ts';
import { passTimeOf } from '#app/services/loyalty/pass-time.server.ts';
import { dueMsOf } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { RedeemContext, Redeemed, RedeemInput, RedemptionReceipt } from '#app/services/loyalty/redeem-points.server.ts';

/** What a wish is, as long as it is neither answered nor left to its own. */
interface OpenWish {
  readonly input: RedeemInput;
  readonly requestHash: Buffer;
  readonly chosen: ChosenReward;
  readonly memberId: bigint;
}

/**
 * Reserves for several wishes in one transaction, in their order. Without waiting, those of members whose rows somebody
 * else holds are left out, and so are those of who is no member: null.
 */
export function reserveTogether(context: RedeemContext, inputs: readonly RedeemInput[], { waits }: { waits: boolean }): Promise<(Redeemed | null)[]> {
  const { pool, shop, now } = context;
  return withBriefConnection(pool, shop, async (connection, askLast) => {
    // Rows are held before the rest is read, so that a copy of a request that came first is seen.
    const [held, earlier, terms] = await allAnswers([
      holdCustomers(connection, shop, { customerIds: [...new Set(inputs.map(({ customerId }) => customerId))], waits }),
      findRequestedRedemptions(connection, shop, inputs.map(({ requestKey }) => requestKey)),
      readTerms(connection, shop),
    ]);
    if (terms === null) return inputs.map(() => ({ ok: false, reason: 'no-program' }));
    const nowDate = now();
    const wishes = inputs.map((input) => {
      const member = held.find(({ customerId }) => customerId === input.customerId);
      return examine(input, { earlier: earlier.get(input.requestKey), member, terms, nowMs: nowDate.getTime(), waits });
    });
    const open = wishes.flatMap((wish) => (wish.kind === 'open' ? [wish] : []));
    const members = await upToDate(context, connection, { held, open, terms, nowMs: nowDate.getTime() });
    const turn: ReserveTurn = { connection, terms, nowDate, members, writer: new LedgerWriter(nowDate), redemptions: [], times: new Map() };
    const answers: (Redeemed | null)[] = [];
    for (const wish of wishes) answers.push(wish.kind === 'open' ? await reserve(context, turn, wish) : wish.answer);
    await failpoint('redeem-inside');
    const { writer, redemptions } = turn;
    askLast(() => [writer.write(connection, shop, dueMsOf(terms, nowDate.getTime())), insertRedemptions(connection, shop, redemptions)]);
    return answers;
  });
}

interface WishFacts {
  readonly earlier: RequestedRedemption | undefined;
  readonly member: HeldMember | undefined;
  readonly terms: ProgramTerms;
  readonly nowMs: number;
  readonly waits: boolean;
}

type ExaminedWish = (OpenWish & { readonly kind: 'open' }) | { readonly kind: 'answered'; readonly answer: Redeemed | null };

/** All that can be said of a wish without its member's points. */
function examine(input: RedeemInput, { earlier, member, terms, nowMs, waits }: WishFacts): ExaminedWish {
  const answered = (answer: Redeemed | null) => ({ kind: 'answered' as const, answer });
  const requestHash = hashOf(input);
  if (earlier !== undefined) {
    return answered(requestHash.equals(earlier.requestHash) ? { ok: true, value: receiptOf(earlier) } : { ok: false, reason: 'request-changed' });
  }
  if (member === undefined) return answered(waits ? { ok: false, reason: 'no-member' } : null);
  if (member.isExcluded) return answered({ ok: false, reason: 'excluded' });
  const chosen = choose(input, terms, nowMs);
  return chosen.ok ? { kind: 'open', input, requestHash, chosen: chosen.value, memberId: member.memberId } : answered(chosen);
}

function choose(input: RedeemInput, { newest, timeZone, currency }: ProgramTerms, nowMs: number): Result<ChosenReward, ChoiceRefusal> {
  const { program } = newest;
  const isCredit = program.rewards.some(({ id, gives }) => id === input.rewardId && gives.kind === 'store-credit');
  const choice = { rewardId: input.rewardId, points: input.points, currency: isCredit ? (input.currency ?? currency) : currency };
  return chooseReward(choice, { program, nowMs, timeZone });
}

interface Standing {
  readonly held: readonly HeldMember[];
  readonly open: readonly OpenWish[];
  readonly terms: ProgramTerms;
  readonly nowMs: number;
}

/** The worker may not have come yet to what is over since: those points are not to be spent, and matured ones are. */
async function upToDate(context: RedeemContext, connection: pg.PoolClient, { held, open, terms, nowMs }: Standing): Promise<Map<bigint, HeldMember>> {
  const members = new Map(held.map((member) => [member.memberId, member]));
  const dueMs = dueMsOf(terms, nowMs);
  const due = held.filter((member) => open.some(({ memberId }) => memberId === member.memberId) && (dueMs(member) ?? Infinity) <= nowMs);
  if (due.length === 0) return members;
  for (const member of await passTimeOf(context, connection, { memberIds: due.map(({ memberId }) => memberId), terms })) {
    members.set(member.memberId, member);
  }
  return members;
}

interface ReserveTurn {
  readonly connection: pg.PoolClient;
  readonly terms: ProgramTerms;
  readonly nowDate: Date;
  readonly members: ReadonlyMap<bigint, HeldMember>;
  readonly writer: LedgerWriter;
  readonly redemptions: NewRedemption[];
  /** Of members that wished for a reward with a limit: how often they had which, with those of this turn. */
  readonly times: Map<bigint, Map<string, number>>;
}

async function reserve(context: RedeemContext, turn: ReserveTurn, { input, requestHash, chosen, memberId }: OpenWish): Promise<Redeemed> {
  const { terms, nowDate, writer, redemptions } = turn;
  const { reward, points } = chosen;
  const member = turn.members.get(memberId);
  if (member === undefined) throw new Error(`member ${memberId} is not held`);
  const times = reward.limitAMember === null ? null : await timesOf(context, turn, memberId);
  if (times !== null && reward.limitAMember !== null && (times.get(reward.id) ?? 0) >= reward.limitAMember) {
    return { ok: false, reason: 'limit-reached', limit: reward.limitAMember };
  }
  const redemptionId = context.newId();
  const programVersion = terms.newest.version;
  const reservedAtMs = nowDate.getTime();
  const reason = { code: 'reward-chosen', rewardId: reward.id, kind: reward.gives.kind };
  const draft = planReserve(member.ledger, points, { redemptionId, programVersion, nowMs: reservedAtMs, reason });
  if (!draft.ok) return draft;
  writer.append(member, draft.value);
  times?.set(reward.id, (times.get(reward.id) ?? 0) + 1);
  const receipt = receiptOf({ ...chosen, redemptionId, rewardId: reward.id, reservedAtMs });
  const code = reward.gives.kind === 'store-credit' ? null : deriveRewardCode(context, redemptionId, 0);
  redemptions.push({ ...receipt, memberId, requestKey: input.requestKey, requestHash, programVersion, code });
  return { ok: true, value: receipt };
}

async function timesOf({ shop }: RedeemContext, { connection, times }: ReserveTurn, memberId: bigint): Promise<Map<string, number>> {
  const known = times.get(memberId) ?? (await countRedemptions(connection, shop, memberId));
  times.set(memberId, known);
  return known;
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
