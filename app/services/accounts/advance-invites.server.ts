import {
  beginEmail,
  endInvite,
  loadDueInvites,
  moveOn,
  postponeInvite,
  settleEmail,
} from '#app/adapters/db/accounts/account-invites.repository.server.ts';
import type { DueInvite } from '#app/adapters/db/accounts/account-invites.repository.server.ts';
import { loadAccountSettings } from '#app/adapters/db/accounts/account-settings.repository.server.ts';
import { loadAccountNow, sendAccountInvite } from '#app/adapters/shopify/account-invites.server.ts';
import { ShopifyAccessError, ShopifyRequestError, ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { judgeInvite, SETTLING_WAIT_MS, stepAfter } from '#app/domain/accounts/judge-invite.ts';
import type { InviteVerdict } from '#app/domain/accounts/judge-invite.ts';
import { MS_PER_HOUR, MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

type InviteContext = Pick<ShopContext, 'shop' | 'inShop' | 'admin' | 'now'>;

const INVITES_A_TURN = 25;
const OUTAGE_PAUSE_MS = 60 * MS_PER_SECOND;

/**
 * Sends the e-mails of invites that are due, or ends those of customers who must get none any more. Shopify is asked how
 * things stand right before each: the shop's kind of accounts, the customer's account, address and consent. Runs under a
 * lock of the shop, again while work is left, and after a kill at any point: an e-mail that may have gone out is never
 * sent again.
 */
export async function advanceInvites(context: InviteContext): Promise<void> {
  const { shop, inShop, now } = context;
  const due = await inShop((db) => loadDueInvites(db, shop, { now: now(), limit: INVITES_A_TURN }));
  for (const invite of due) await advance(context, invite);
}

async function advance(context: InviteContext, invite: DueInvite): Promise<void> {
  const { shop, inShop, admin, now } = context;
  const { customerId, step, wishedAtMs, begun } = invite;
  try {
    const settings = await inShop((db) => loadAccountSettings(db, shop));
    const account = await loadAccountNow(admin, customerId);
    const nowMs = now().getTime();
    await follow(context, invite, judgeInvite({ step, settings, wishedAtMs, begun, account, nowMs }));
  } catch (error) {
    await pause(context, invite, error);
  }
}

async function follow(context: InviteContext, invite: DueInvite, verdict: InviteVerdict): Promise<void> {
  const { shop, inShop } = context;
  const { customerId } = invite;
  switch (verdict.verdict) {
    case 'send':
      return send(context, invite);
    case 'was-sent':
      return settle(context, invite, verdict.as);
    case 'skip':
      return settle(context, invite, null);
    case 'wait':
      return inShop((db) => postponeInvite(db, shop, { customerId, until: new Date(verdict.untilMs), error: null }));
    case 'end':
      return inShop((db) => endInvite(db, shop, { customerId, reason: verdict.reason }));
  }
}

async function send(context: InviteContext, invite: DueInvite): Promise<void> {
  const { shop, inShop, admin, now } = context;
  const { customerId, step } = invite;
  if (!(await inShop((db) => beginEmail(db, shop, { customerId, step, now: now() })))) return;
  await failpoint('invite-after-intent');
  const sent = await sendAccountInvite(admin, customerId);
  await failpoint('invite-after-send');
  if (sent.ok) return settle(context, invite, 'sent');
  await inShop(async (db) => {
    await settleEmail(db, shop, { customerId, step, as: 'refused', now: now() });
    await endInvite(db, shop, { customerId, reason: 'refused' });
  });
}

/** @param as null for a reminder that is switched off, of which nothing is on record */
async function settle({ shop, inShop, now }: InviteContext, { customerId, step, invitedAtMs }: DueInvite, as: 'sent' | 'unknown' | null): Promise<void> {
  const next = stepAfter(step, invitedAtMs ?? now().getTime());
  await inShop(async (db) => {
    if (as !== null) await settleEmail(db, shop, { customerId, step, as, now: now() });
    await moveOn(db, shop, { customerId, to: next && { step: next.step, at: new Date(next.atMs) } });
  });
}

/** Only errors that tell of Shopify; any other is a fault of ours and goes up. */
async function pause({ shop, inShop, now }: InviteContext, { customerId }: DueInvite, error: unknown): Promise<void> {
  const until = (pauseMs: number) => new Date(now().getTime() + pauseMs);
  const postpone = (pauseMs: number, word: string) => inShop((db) => postponeInvite(db, shop, { customerId, until: until(pauseMs), error: word }));
  // Shopify may have sent it without saying so: what became of it is known once that has settled.
  if (error instanceof ShopifyUnavailableError) return postpone(OUTAGE_PAUSE_MS, 'unavailable');
  if (error instanceof ShopifyAccessError) return postpone(MS_PER_HOUR, 'access');
  if (error instanceof ShopifyRequestError) return postpone(SETTLING_WAIT_MS, 'request');
  throw error;
}
