import { loadMemberCustomer } from '#app/adapters/db/loyalty/redemption-members.server.ts';
import { loadProgramShop, loadProgramVersion } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import {
  countAttempt,
  markIssued,
  noteRedemptionError,
  postponeRedemption,
  replaceRewardCode,
} from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import type { Redemption } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import { createRewardDiscount, findRewardDiscount } from '#app/adapters/shopify/reward-discounts.server.ts';
import { planRewardDiscount } from '#app/domain/loyalty/redemption/plan-reward-discount.ts';
import type { RewardDiscount } from '#app/domain/loyalty/redemption/plan-reward-discount.ts';
import { CODE_CHOICES } from '#app/domain/offers/offer-code.ts';
import { MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { RedemptionContext } from '#app/services/loyalty/advance-redemptions.server.ts';
import { deriveRewardCode } from '#app/services/loyalty/derive-reward-code.server.ts';
import { grantStoreCredit } from '#app/services/loyalty/grant-store-credit.server.ts';
import { beginRelease, releaseUnsent } from '#app/services/loyalty/settle-release.server.ts';
import { MAX_ATTEMPTS, SETTLING_WAIT_MS, shopifyOr } from '#app/services/loyalty/ask-shopify.server.ts';

const SHORTEST_PAUSE_MS = MS_PER_SECOND;
const LONGEST_PAUSE_MS = 900 * MS_PER_SECOND;

/**
 * Brings one reward to Shopify: each sending is on record before it goes out, and a code that may have been sent is looked
 * up before it is sent again. Shopify keeps codes unique, so even an answer that was lost twice leaves one discount.
 */
export async function issueRedemption(context: RedemptionContext, redemption: Redemption): Promise<void> {
  const { shop, inShop, now } = context;
  const nowMs = now().getTime();
  // When to come back if this comes to nothing, before anything is tried: half as long again as they have waited by now.
  const pauseMs = Math.min(Math.max((nowMs - redemption.reservedAtMs) / 2, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
  const known = await inShop(async (db) => {
    await postponeRedemption(db, shop, redemption.redemptionId, new Date(nowMs + pauseMs));
    const { currency } = await loadProgramShop(db, shop);
    const version = await loadProgramVersion(db, shop, redemption.programVersion);
    const reward = version?.program.rewards.find(({ id }) => id === redemption.rewardId) ?? null;
    return { currency, reward, customerId: await loadMemberCustomer(db, shop, redemption.memberId) };
  });
  await failpoint('redemption-after-intent');
  const { reward, customerId, currency } = known;
  // Whoever was forgotten has no account that a reward could be made for.
  if (customerId === null || reward === null || currency === null) return giveUp(context, redemption, 'nobody');
  if (reward.gives.kind === 'store-credit') return grantStoreCredit(context, redemption, customerId);
  if (redemption.expiresAtMs <= nowMs) return giveUp(context, redemption, 'ended');
  const { code, worth } = redemption;
  if (code === null) throw new Error(`redemption ${redemption.redemptionId} has no code`);
  const discount = planRewardDiscount({ reward, redemption: { ...redemption, worth, code }, customerId, currency });
  if (discount === null) return giveUp(context, redemption, 'currency');
  await issueDiscount(context, redemption, discount);
}

async function giveUp(context: RedemptionContext, redemption: Redemption, error: string): Promise<void> {
  // Of store credit there is nothing that could be taken back.
  if (redemption.attempts > 0 && redemption.code !== null) return beginRelease(context, redemption, error);
  await releaseUnsent(context, redemption, error);
}

async function issueDiscount(context: RedemptionContext, redemption: Redemption, discount: RewardDiscount): Promise<void> {
  if (redemption.attempts > 0) {
    const found = await orNote(context, redemption, () => lookUp(context, redemption, discount));
    if (found !== 'not-there') return;
    if (redemption.attempts >= MAX_ATTEMPTS) return beginRelease(context, redemption, 'attempts');
  }
  const { shop, inShop } = context;
  if (!(await inShop((db) => countAttempt(db, shop, redemption)))) return;
  await orNote(context, redemption, () => send(context, { ...redemption, attempts: redemption.attempts + 1 }, discount));
}

async function send(context: RedemptionContext, redemption: Redemption, discount: RewardDiscount): Promise<void> {
  const sent = await createRewardDiscount(context.admin, discount);
  await failpoint('redemption-after-send');
  if (sent.ok) return recordIssued(context, redemption, sent.value.discountGid);
  if (sent.reason === 'taken') {
    if ((await lookUp(context, redemption, discount)) === 'not-there') await note(context, redemption, 'taken');
    return;
  }
  // Asked the same again, Shopify would say the same again.
  const error = `refused ${sent.codes.join(' ')}`;
  if (redemption.attempts === 1) await releaseUnsent(context, redemption, error);
  else await beginRelease(context, redemption, error);
}

/** A code that may have been sent: Shopify says whether it has it, and whose it is. */
async function lookUp(context: RedemptionContext, redemption: Redemption, { code, title }: RewardDiscount): Promise<'not-there' | 'settled'> {
  const found = await findRewardDiscount(context.admin, code);
  if (found === null) return 'not-there';
  if (found.title === title) await recordIssued(context, redemption, found.discountGid);
  else await takeNextCode(context, redemption, code);
  return 'settled';
}

async function recordIssued({ shop, inShop, now }: RedemptionContext, { redemptionId, expiresAtMs }: Redemption, shopifyGid: string): Promise<void> {
  const lookAgainAt = new Date(expiresAtMs + SETTLING_WAIT_MS);
  await inShop((db) => markIssued(db, shop, { redemptionId, shopifyGid, now: now(), lookAgainAt }));
}

/** The next code is on record before it is sent, like the first. */
async function takeNextCode(context: RedemptionContext, redemption: Redemption, taken: string): Promise<void> {
  const { redemptionId } = redemption;
  const choices = Array.from({ length: CODE_CHOICES }, (_, choice) => deriveRewardCode(context, redemptionId, choice));
  const isReplaced = await context.inShop(async (db) => {
    for (const code of choices.slice(choices.indexOf(taken) + 1)) {
      if (await replaceRewardCode(db, context.shop, { redemptionId, code, now: context.now() })) return true;
    }
    return false;
  });
  if (!isReplaced) await beginRelease(context, redemption, 'taken');
}

/** Runs one step; null when Shopify did not come through with it, which is then on record. */
function orNote<T>(context: RedemptionContext, redemption: Redemption, step: () => Promise<T>): Promise<T | null> {
  return shopifyOr(step, async (error) => {
    await note(context, redemption, error);
    return null;
  });
}

async function note({ shop, inShop }: RedemptionContext, { redemptionId }: Redemption, error: string): Promise<void> {
  await inShop((db) => noteRedemptionError(db, shop, redemptionId, error));
}
