import { appendInviteWish } from '#app/adapters/db/accounts/account-invites.repository.server.ts';
import { loadAccountsOfShop } from '#app/adapters/db/accounts/account-settings.repository.server.ts';
import { loadOfferOrder } from '#app/adapters/db/offers.repository.server.ts';
import { isOldOrder } from '#app/domain/offers/decide-offer.ts';
import { chooseStepFor } from '#app/services/accounts/account-step.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** A buyer's browser does not wait longer, and neither does our database. */
const ANSWER_TIMEOUT_MS = 4000;

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
export async function requestInvite(
  context: Pick<ShopContext, 'shop' | 'inShop' | 'now'>,
  { orderId, buyerCustomerId }: { orderId: bigint; buyerCustomerId: bigint | null },
): Promise<InviteRequestOutcome> {
  const { shop, inShop, now } = context;
  return inShop(
    async (db) => {
      if (!(await loadAccountsOfShop(db, shop)).isInstalled) return 'not-installed';
      const order = await loadOfferOrder(db, shop, orderId);
      if (order === null) return 'not-known';
      if (order.customerId === null || isOldOrder(order, now().getTime())) return 'not-offered';
      const { step } = await chooseStepFor(db, context, { customerId: order.customerId, isSignedIn: buyerCustomerId !== null });
      if (step === 'invited') return 'invited';
      if (step !== 'invite') return 'not-offered';
      // Two taps at once are one wish: the row is the customer's only one.
      await appendInviteWish(db, shop, { customerId: order.customerId, orderId, now: now() });
      return 'invited';
    },
    { timeoutMs: ANSWER_TIMEOUT_MS },
  );
}
