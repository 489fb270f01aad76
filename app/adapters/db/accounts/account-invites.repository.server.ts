import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { InviteEnd } from '#app/domain/accounts/judge-invite.ts';

const stepSchema = z.union([z.literal(0), z.literal(1), z.literal(2)]);
type EmailStep = z.infer<typeof stepSchema>;

/** An invite of which an e-mail is due. */
export interface DueInvite {
  customerId: bigint;
  step: EmailStep;
  wishedAtMs: number;
  /** When the invite itself went out; null before. */
  invitedAtMs: number | null;
  /** The e-mail of this step, when it was begun before. */
  begun: { intendedAtMs: number; attempts: number } | null;
}

/** Nothing changes for a customer who wished for one before. */
export async function appendInviteWish(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { customerId, orderId, now }: { customerId: bigint; orderId: bigint; now: Date },
): Promise<void> {
  await connection.query({
    name: 'append-invite-wish',
    text: `INSERT INTO account_invites (shop_id, customer_id, order_id, state, wished_at, not_before) VALUES ($1, $2, $3, 'open', $4, $4)
      ON CONFLICT (shop_id, customer_id) DO NOTHING`,
    values: [shopId, String(customerId), String(orderId), now],
  });
}

export async function loadDueInvites(db: TenantDb, { shopId }: ShopRef, { now, limit }: { now: Date; limit: number }): Promise<DueInvite[]> {
  const rows = await db.accountInvite.findMany({
    where: { shopId, notBefore: { lte: now } },
    orderBy: [{ notBefore: 'asc' }, { customerId: 'asc' }],
    take: limit,
    include: { emails: true },
  });
  return rows.map(({ customerId, nextStep, wishedAt, emails }) => {
    const begun = emails.find(({ step, state }) => step === nextStep && state === 'intended');
    return {
      customerId,
      step: stepSchema.parse(nextStep),
      wishedAtMs: wishedAt.getTime(),
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

/** `error` is a word of ours: no personal data. */
export async function postponeInvite(
  db: TenantDb,
  { shopId }: ShopRef,
  { customerId, until, error }: { customerId: bigint; until: Date; error: string | null },
): Promise<void> {
  await db.accountInvite.updateMany({ where: { shopId, customerId, state: 'open' }, data: { notBefore: until, lastError: error } });
}

/** How many customers an invite brought how far, for the merchant. */
export async function countInvites(db: TenantDb, { shopId }: ShopRef): Promise<{ state: string; endReason: string | null; count: number }[]> {
  const rows = await db.accountInvite.groupBy({ by: ['state', 'endReason'], where: { shopId }, _count: true });
  return rows.map(({ state, endReason, _count }) => ({ state, endReason, count: _count }));
}

export async function forgetInvite(db: TenantDb, { shopId }: ShopRef, customerId: bigint): Promise<void> {
  await db.accountInvite.deleteMany({ where: { shopId, customerId } });
}
