import { appendInviteWish } from '#app/adapters/db/accounts/account-invites.repository.server.ts';
import { loadAccountStanding } from '#app/adapters/db/accounts/account-standing.server.ts';
import { loadOrderStanding } from '#app/adapters/db/shopper/order-standing.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { chooseAccountStep } from '#app/domain/accounts/choose-account-step.ts';
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

/**
 * Records that a buyer wishes for an invite to their account. The worker sends it. Only the page of a young order may ask:
 * a guest has nothing else to be known by.
 */
export function requestInvite(
  { shop, pool, now }: Pick<ShopContext, 'shop' | 'pool' | 'now'>,
  { orderId, buyerCustomerId }: { orderId: bigint; buyerCustomerId: bigint | null },
): Promise<InviteRequestOutcome> {
  return withTenantConnection(pool, shop, async (connection) => {
    const found = await loadOrderStanding(connection, shop, orderId);
    if (found === null || !found.shop.isInstalled) return 'not-installed';
    if (found.order === null) return 'not-known';
    const { customerId } = found.order;
    if (customerId === null || customerId < 0n || isOldOrder(found.order, now().getTime())) return 'not-offered';
    const standing = await loadAccountStanding(connection, shop, { customerId });
    const { step } = chooseAccountStep({ ...standing, isSignedIn: buyerCustomerId !== null });
    if (step === 'invited') return 'invited';
    if (step !== 'invite') return 'not-offered';
    // Two taps at once are one wish: the row is the customer's only one.
    await appendInviteWish(connection, shop, { customerId, orderId, now: now() });
    return 'invited';
  });
}
