import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { gidOf } from '#app/adapters/shopify/gid.ts';
import type { AccountNow } from '#app/domain/accounts/judge-invite.ts';
import type { Result } from '#app/domain/result.ts';
import { AccountToInviteDocument, SendAccountInviteDocument } from '#app/generated/admin-api.ts';

/** Throws the three errors of the Admin API. An e-mail that Shopify withholds counts as unavailable: nothing is guessed. */
export async function loadAccountNow(admin: AdminApi, customerId: bigint): Promise<AccountNow> {
  const { data, withheld } = await admin(AccountToInviteDocument, { id: gidOf('Customer', customerId) });
  if (withheld.length > 0) throw new ShopifyUnavailableError('the customer is withheld');
  const email = data.customer?.defaultEmailAddress;
  return {
    accountsVersion: data.shop.customerAccountsV2.customerAccountsVersion,
    customer: data.customer && {
      state: data.customer.state,
      email:
        email?.validFormat === true
          ? { marketingState: email.marketingState, marketingUpdatedAtMs: instantOf(email.marketingUpdatedAt) }
          : null,
    },
  };
}

function instantOf(text: unknown): number | null {
  const instantMs = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instantMs) ? null : instantMs;
}

/**
 * Has Shopify write the invite, in its own template and the customer's language. Throws the three errors of the Admin API;
 * after ShopifyUnavailableError the outcome is unknown.
 */
export async function sendAccountInvite(
  admin: AdminApi,
  customerId: bigint,
): Promise<Result<null, { reason: 'refused'; codes: string[] }>> {
  const { data } = await admin(SendAccountInviteDocument, { customerId: gidOf('Customer', customerId) });
  const sent = data.customerSendAccountInviteEmail;
  if (!sent) throw new ShopifyUnavailableError('Shopify says neither that it wrote nor what is wrong');
  if (sent.userErrors.length === 0) return { ok: true, value: null };
  return { ok: false, reason: 'refused', codes: sent.userErrors.map(({ code }) => code ?? 'UNKNOWN') };
}
