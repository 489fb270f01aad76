import {
  beginEmail,
  endInvite,
  leaveUnknown,
  loadDueInvites,
  moveOn,
  postponeInvite,
  settleEmail,
  withdrawEmail,
} from '#app/adapters/db/accounts/account-invites.repository.server.ts';
import type { DueInvite } from '#app/adapters/db/accounts/account-invites.repository.server.ts';
import { loadAccountSettings } from '#app/adapters/db/accounts/account-settings.repository.server.ts';
import { loadAccountNow, sendAccountInvite } from '#app/adapters/shopify/account-invites.server.ts';
import { ShopifyAccessError, ShopifyRequestError, ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { judgeHindered, judgeInvite, stepAfter } from '#app/domain/accounts/judge-invite.ts';
import type { InviteEnd, InviteHindrance, InviteVerdict } from '#app/domain/accounts/judge-invite.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

type InviteContext = Pick<ShopContext, 'shop' | 'inShop' | 'admin' | 'now'>;

const INVITES_A_TURN = 25;

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
  try {
    const settings = await inShop((db) => loadAccountSettings(db, shop));
    const account = await loadAccountNow(admin, invite.customerId);
    await follow(context, invite, judgeInvite({ ...invite, settings, account, nowMs: now().getTime() }));
  } catch (error) {
    const hindrance = hindranceOf(error);
    await follow(context, invite, judgeHindered({ ...invite, hindrance, nowMs: now().getTime() }), hindrance);
  }
}

async function follow(context: InviteContext, invite: DueInvite, verdict: InviteVerdict, hindrance: InviteHindrance | null = null): Promise<void> {
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
      return inShop((db) => postponeInvite(db, shop, { customerId, until: new Date(verdict.untilMs), error: hindrance }));
    case 'end':
      return end(context, invite, verdict.reason);
  }
}

async function send(context: InviteContext, invite: DueInvite): Promise<void> {
  const { shop, inShop, admin, now } = context;
  const { customerId, step } = invite;
  if (!(await inShop((db) => beginEmail(db, shop, { customerId, step, now: now() })))) return;
  await failpoint('invite-after-intent');
  const sent = await sendAccountInvite(admin, customerId).catch(async (error: unknown) => {
    // Nobody was let in, so nothing went out; of an earlier try that is not known.
    if (error instanceof ShopifyAccessError && invite.begun === null) await inShop((db) => withdrawEmail(db, shop, { customerId, step }));
    throw error;
  });
  await failpoint('invite-after-send');
  if (sent.ok) return settle(context, invite, 'sent');
  await inShop(async (db) => {
    await settleEmail(db, shop, { customerId, step, as: 'refused', now: now() });
    await endInvite(db, shop, { customerId, reason: 'refused' });
  });
}

/** An e-mail that was begun and of which nothing was heard is on record as such. */
async function end({ shop, inShop, now }: InviteContext, { customerId }: DueInvite, reason: InviteEnd): Promise<void> {
  await inShop(async (db) => {
    await leaveUnknown(db, shop, { customerId, now: now() });
    await endInvite(db, shop, { customerId, reason });
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
function hindranceOf(error: unknown): InviteHindrance {
  if (error instanceof ShopifyUnavailableError) return 'unavailable';
  if (error instanceof ShopifyAccessError) return 'access';
  if (error instanceof ShopifyRequestError) return 'request';
  throw error;
}
