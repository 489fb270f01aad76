import { z } from 'zod';

import { loadMemberIdsOf } from '#app/adapters/db/loyalty/redemption-members.server.ts';
import { loadTierNamesOfAllVersions } from '#app/adapters/db/loyalty/tier-names-of-all-versions.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';

type Held = Awaited<ReturnType<typeof loadHeldMembership>>;

export const NO_MEMBERSHIP: Held = { membership: [], points: [], rewards: [], exclusions: [], tiers: [], notices: [], workflows: [] };

const jsonSchema = z.record(z.string(), z.unknown());
type Json = z.infer<typeof jsonSchema>;

/**
 * That they are a member, what happened to their points, what they took for them, which tiers they had and why, when the
 * shop left them out, and what they and the merchant's workflows were to be told of it, also as somebody who went up in
 * them. What staff noted beside it is about them and is told.
 */
export async function loadHeldMembership(db: TenantDb, { shopId, mostRows }: { shopId: number; mostRows: number }, customerId: bigint) {
  const membership = await db.loyaltyMember.findMany({
    where: { shopId, customerId },
    select: { customerId: true, enrolledAt: true, claimedAt: true, birthday: true },
  });
  const ofTheirs = { shopId, memberId: { in: await loadMemberIdsOf(db, { shopId }, customerId) } };
  const entries = await db.loyaltyEntry.findMany({
    where: ofTheirs,
    include: { note: true, postings: { where: { account: { in: ['customer', 'pending'] } } } },
    orderBy: { occurredAt: 'desc' },
    take: mostRows,
  });
  const points = entries.map(({ occurredAt, kind, orderId, note, postings }) => ({
    occurredAt,
    kind,
    orderId,
    points: postings.reduce((sum, posting) => sum + posting.points, 0),
    note: note?.note ?? null,
  }));
  const redemptions = await db.loyaltyRedemption.findMany({
    where: ofTheirs,
    orderBy: { reservedAt: 'desc' },
    select: { reservedAt: true, points: true, amountMinor: true, currency: true, code: true, state: true, issuedAt: true, expiresAt: true },
    take: mostRows,
  });
  const rewards = redemptions.map(({ reservedAt, expiresAt, ...reward }) => ({ occurredAt: reservedAt, ...reward, endsAt: expiresAt }));
  // By whom is another person's, and not told.
  const exclusions = await db.loyaltyExclusion.findMany({
    where: ofTheirs,
    orderBy: [{ changedAt: 'asc' }, { changeNo: 'asc' }],
    select: { changedAt: true, isExcluded: true },
    take: mostRows,
  });
  const names = await loadTierNamesOfAllVersions(db, { shopId });
  const nameOf = (tierId: unknown) => (typeof tierId === 'string' ? { tier: names.get(tierId) ?? tierId } : {});
  const changes = await db.loyaltyTierChange.findMany({ where: ofTheirs, orderBy: { recordedAt: 'desc' }, take: mostRows });
  const shop = await db.shop.findUnique({ where: { shopId }, select: { currency: true } });
  const tiers = changes.map(({ tierId, effectiveAt, graceUntil, reason }) => ({
    ...nameOf(tierId),
    ...whyOf(jsonSchema.parse(reason), shop?.currency ?? null),
    effectiveAt,
    keptUntil: graceUntil,
  }));
  const told = await db.loyaltyNotice.findMany({ where: ofTheirs, orderBy: { dueAt: 'desc' }, take: mostRows });
  const notices = told.map(({ kind, facts, dueAt, sentAt }) => {
    const { tierId, ...rest } = jsonSchema.parse(facts);
    return { kind, ...nameOf(tierId), ...rest, dueAt, sentAt };
  });
  const events = await db.loyaltyFlowEvent.findMany({ where: ofTheirs, orderBy: { occurredAt: 'desc' }, take: mostRows });
  const workflows = events.map(({ trigger, facts, occurredAt, state, settledAt }) => {
    const { tierId, before, ...rest } = jsonSchema.parse(facts);
    return { occurredAt, kind: trigger, ...nameOf(tierId), ...(before === undefined ? {} : { tierBefore: nameOf(before).tier }), ...rest, toldAt: state === 'told' ? settledAt : null };
  });
  return { membership, points, rewards, exclusions, tiers, notices, workflows };
}

/** What was counted is money of the shop, points or orders, and so is what the tier needed. */
function whyOf({ code, basis, amount, threshold, from }: Json, currency: string | null) {
  const counted = basis === 'spend' ? { countedMinor: amount, neededMinor: threshold, currency } : { counted: amount, needed: threshold };
  return { kind: code, basis, ...counted, countedFrom: from };
}
