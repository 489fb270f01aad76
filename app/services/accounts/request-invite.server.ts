import type pg from 'pg';

import { appendInviteWish } from '#app/adapters/db/accounts/account-invites.repository.server.ts';
import { loadAccountStanding } from '#app/adapters/db/accounts/account-standing.server.ts';
import { loadOrderStanding } from '#app/adapters/db/shopper/order-standing.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { loadAccountNow } from '#app/adapters/shopify/account-invites.server.ts';
import { ShopifyAccessError, ShopifyRequestError, ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import type { AccountSettings } from '#app/domain/accounts/account-settings.ts';
import { chooseAccountStep } from '#app/domain/accounts/choose-account-step.ts';
import { judgeInvite } from '#app/domain/accounts/judge-invite.ts';
import { isOldOrder } from '#app/domain/offers/decide-offer.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export type InviteRequestOutcome =
  /** It is on record and goes out within seconds, or did before. */
  | 'invited'
  /** This order's customer is to get none. */
  | 'not-offered'
  /** Our copy does not have the order yet. */
  | 'not-known'
  | 'not-installed';

/** A buyer looks at a spinner meanwhile. Whoever could not be looked at by then is looked at before the e-mail goes out. */
const PATIENCE_MS = 3_000;

type RequestContext = Pick<ShopContext, 'shop' | 'pool' | 'now' | 'admin' | 'wait'>;
type Candidate = { customerId: bigint; settings: AccountSettings };

/**
 * Records that a buyer wishes for an invite to their account. The worker sends it. Only the page of a young order may ask:
 * a guest has nothing else to be known by.
 */
export async function requestInvite(
  context: RequestContext,
  { orderId, buyerCustomerId }: { orderId: bigint; buyerCustomerId: bigint | null },
): Promise<InviteRequestOutcome> {
  const { shop, pool, now } = context;
  const found = await withTenantConnection(pool, shop, (connection) => findCandidate(connection, context, { orderId, isSignedIn: buyerCustomerId !== null }));
  if (typeof found === 'string') return found;
  if (!(await canBeWritten(context, found))) return 'not-offered';
  const { customerId } = found;
  // Two taps at once are one wish: the row is the customer's only one.
  await withTenantConnection(pool, shop, (connection) => appendInviteWish(connection, shop, { customerId, orderId, now: now() }));
  return 'invited';
}

/** Whom an invite may be recorded for, or what becomes of the wish without one. */
async function findCandidate(
  connection: pg.PoolClient,
  { shop, now }: RequestContext,
  { orderId, isSignedIn }: { orderId: bigint; isSignedIn: boolean },
): Promise<InviteRequestOutcome | Candidate> {
  const found = await loadOrderStanding(connection, shop, orderId);
  if (found === null || !found.shop.isInstalled) return 'not-installed';
  if (found.order === null) return 'not-known';
  const { customerId } = found.order;
  if (customerId === null || customerId < 0n || isOldOrder(found.order, now().getTime())) return 'not-offered';
  const standing = await loadAccountStanding(connection, shop, { customerId, now: now() });
  const { step } = chooseAccountStep({ ...standing, isSignedIn });
  if (step === 'invited') return 'invited';
  return step === 'invite' ? { customerId, settings: standing.settings } : 'not-offered';
}

/**
 * Only Shopify knows whether there is an address to write to; nobody is told to look into an inbox that nothing comes to. A
 * Shopify that does not say so is no reason to refuse.
 */
async function canBeWritten({ admin, now, wait }: RequestContext, { customerId, settings }: Candidate): Promise<boolean> {
  const account = await Promise.race([loadAccountNow(admin, customerId).catch(passOver), wait(PATIENCE_MS).then(() => null)]);
  if (account === null) return true;
  const nowMs = now().getTime();
  return judgeInvite({ step: 0, settings, wishedAtMs: nowMs, resumedAtMs: null, invitedAtMs: null, begun: null, account, nowMs }).verdict !== 'end';
}

/** Only errors that tell of Shopify; any other is a fault of ours and goes up. */
function passOver(error: unknown): null {
  if (error instanceof ShopifyUnavailableError || error instanceof ShopifyAccessError || error instanceof ShopifyRequestError) return null;
  throw error;
}
