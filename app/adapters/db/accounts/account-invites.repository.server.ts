import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { RESUMED_FOR_DAYS, WISHED_AGAIN_AFTER } from '#app/domain/accounts/judge-invite.ts';
import type { InviteEnd } from '#app/domain/accounts/judge-invite.ts';
import { MS_PER_24_HOURS } from '#app/domain/time/durations.ts';

const stepSchema = z.union([z.literal(0), z.literal(1), z.literal(2)]);
type EmailStep = z.infer<typeof stepSchema>;

/** An invite of which an e-mail is due. */
export interface DueInvite {
  customerId: bigint;
  step: EmailStep;
  wishedAtMs: number;
  /** When it was taken up again after it had been given up; null for one that never was. */
  resumedAtMs: number | null;
  /** When the invite itself went out; null before. */
  invitedAtMs: number | null;
  /** The e-mail of this step, when it was begun before. */
  begun: { intendedAtMs: number; attempts: number } | null;
}

/**
 * Whether an invite, named `i`, ended before anything of it went out and in a way that lets its customer wish for it anew.
 *
 * @param ends the place of `WISHED_AGAIN_AFTER` among the statement's values
 */
export const endedUnsent = (ends: `$${number}`): string => `i.state = 'ended' AND i.next_step = 0 AND i.end_reason = ANY(${ends}::text[])
    AND NOT EXISTS (SELECT FROM account_invite_emails e WHERE e.shop_id = i.shop_id AND e.customer_id = i.customer_id)`;

/** Nothing changes for a customer whose invite is under way, was sent, or may have been. */
export async function appendInviteWish(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { customerId, orderId, now }: { customerId: bigint; orderId: bigint; now: Date },
): Promise<void> {
  await connection.query({
    name: 'append-invite-wish',
    text: `INSERT INTO account_invites AS i (shop_id, customer_id, order_id, state, wished_at, not_before) VALUES ($1, $2, $3, 'open', $4, $4)
      ON CONFLICT (shop_id, customer_id) DO UPDATE SET state = 'open', end_reason = NULL, last_error = NULL, resumed_at = NULL,
        order_id = excluded.order_id, wished_at = excluded.wished_at, not_before = excluded.not_before
      WHERE ${endedUnsent('$5')}`,
    values: [shopId, String(customerId), String(orderId), now, WISHED_AGAIN_AFTER],
  });
}

export async function loadDueInvites(db: TenantDb, { shopId }: ShopRef, { now, limit }: { now: Date; limit: number }): Promise<DueInvite[]> {
  const rows = await db.accountInvite.findMany({
    where: { shopId, notBefore: { lte: now } },
    orderBy: [{ notBefore: 'asc' }, { customerId: 'asc' }],
    take: limit,
    include: { emails: true },
  });
  return rows.map(({ customerId, nextStep, wishedAt, resumedAt, emails }) => {
    const begun = emails.find(({ step, state }) => step === nextStep && state === 'intended');
    return {
      customerId,
      step: stepSchema.parse(nextStep),
      wishedAtMs: wishedAt.getTime(),
      resumedAtMs: resumedAt?.getTime() ?? null,
      invitedAtMs: emails.find(({ step }) => step === 0)?.settledAt?.getTime() ?? null,
      begun: begun === undefined ? null : { intendedAtMs: begun.intendedAt.getTime(), attempts: begun.attempts },
    };
  });
}

interface OfInvite {
  customerId: bigint;
  step: EmailStep;
}

/**
 * Before anything is sent, so that whoever comes after a crash does not send it again.
 *
 * @returns false when the invite is gone or at another step by now
 */
export async function beginEmail(db: TenantDb, { shopId }: ShopRef, { customerId, step, now }: OfInvite & { now: Date }): Promise<boolean> {
  const { count } = await db.accountInvite.updateMany({ where: { shopId, customerId, nextStep: step, state: 'open' }, data: { lastError: null } });
  if (count === 0) return false;
  await db.accountInviteEmail.upsert({
    where: { shopId_customerId_step: { shopId, customerId, step } },
    create: { shopId, customerId, step, state: 'intended', intendedAt: now },
    update: { attempts: { increment: 1 }, intendedAt: now },
  });
  return true;
}

/** It did not go out, for certain. */
export async function withdrawEmail(db: TenantDb, { shopId }: ShopRef, { customerId, step }: OfInvite): Promise<void> {
  await db.accountInviteEmail.deleteMany({ where: { shopId, customerId, step, state: 'intended' } });
}

export async function settleEmail(
  db: TenantDb,
  { shopId }: ShopRef,
  { customerId, step, as, now }: OfInvite & { as: 'sent' | 'unknown' | 'refused'; now: Date },
): Promise<void> {
  const columns = { state: as, settledAt: now };
  await db.accountInviteEmail.upsert({
    where: { shopId_customerId_step: { shopId, customerId, step } },
    // What the merchant sent themself was never begun by us.
    create: { shopId, customerId, step, intendedAt: now, attempts: 0, ...columns },
    update: columns,
  });
}

/** Nobody will ask any more what became of an e-mail that was begun. */
export async function leaveUnknown(db: TenantDb, { shopId }: ShopRef, { customerId, now }: { customerId: bigint; now: Date }): Promise<void> {
  await db.accountInviteEmail.updateMany({ where: { shopId, customerId, state: 'intended' }, data: { state: 'unknown', settledAt: now } });
}

/** @param to null when there is nothing more to send */
export async function moveOn(
  db: TenantDb,
  { shopId }: ShopRef,
  { customerId, to }: { customerId: bigint; to: { step: 1 | 2; at: Date } | null },
): Promise<void> {
  const columns = to === null ? { nextStep: 3, state: 'ended', endReason: 'all-sent', notBefore: null } : { nextStep: to.step, notBefore: to.at };
  await db.accountInvite.updateMany({ where: { shopId, customerId, state: 'open' }, data: columns });
}

export async function endInvite(db: TenantDb, { shopId }: ShopRef, { customerId, reason }: { customerId: bigint; reason: InviteEnd }): Promise<void> {
  await db.accountInvite.updateMany({ where: { shopId, customerId, state: 'open' }, data: { state: 'ended', endReason: reason, notBefore: null } });
}

/** Shopify lets us again: what was given up for want of that is tried anew, unless the wish has grown old. */
export async function resumeInvites(db: TenantDb, { shopId }: ShopRef, now: Date): Promise<void> {
  const wishedSince = new Date(now.getTime() - RESUMED_FOR_DAYS * MS_PER_24_HOURS);
  await db.accountInvite.updateMany({
    where: { shopId, state: 'ended', endReason: 'no-access' satisfies InviteEnd, nextStep: 0, wishedAt: { gte: wishedSince }, emails: { none: {} } },
    data: { state: 'open', endReason: null, lastError: null, resumedAt: now, notBefore: now },
  });
}

/** `error` is a word of ours: no personal data. */
export async function postponeInvite(
  db: TenantDb,
  { shopId }: ShopRef,
  { customerId, until, error }: { customerId: bigint; until: Date; error: string | null },
): Promise<void> {
  await db.accountInvite.updateMany({ where: { shopId, customerId, state: 'open' }, data: { notBefore: until, lastError: error } });
}

/** How many customers an invite brought how far, for the merchant. `isSent`: that it went out is known. */
export async function countInvites(
  db: TenantDb,
  { shopId }: ShopRef,
): Promise<{ state: string; endReason: string | null; isSent: boolean; count: number }[]> {
  const rows = await db.accountInvite.groupBy({ by: ['state', 'endReason', 'nextStep'], where: { shopId }, _count: true });
  return rows.map(({ state, endReason, nextStep, _count }) => ({ state, endReason, isSent: nextStep > 0, count: _count }));
}

export async function forgetInvite(db: TenantDb, { shopId }: ShopRef, customerId: bigint): Promise<void> {
  await db.accountInvite.deleteMany({ where: { shopId, customerId } });
}

/**
 * The invite of a customer who was merged into another is that one's, so that nobody is invited twice; where both have one,
 * that of the customer who stayed remains. It goes when the other one is a pseudonym, which is negative.
 */
export async function moveInvite(connection: pg.PoolClient, { shopId }: ShopRef, { fromId, toId }: { fromId: bigint; toId: bigint }): Promise<void> {
  if (toId > 0n) {
    await connection.query(
      `UPDATE account_invites SET customer_id = $3 WHERE shop_id = $1 AND customer_id = $2
       AND NOT EXISTS (SELECT FROM account_invites WHERE shop_id = $1 AND customer_id = $3)`,
      [shopId, String(fromId), String(toId)],
    );
  }
  await connection.query('DELETE FROM account_invites WHERE shop_id = $1 AND customer_id = $2', [shopId, String(fromId)]);
}
