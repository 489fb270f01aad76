import { hasInviteWish } from '#app/adapters/db/accounts/account-invites.repository.server.ts';
import { loadAccountSettings, loadAccountsOfShop } from '#app/adapters/db/accounts/account-settings.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import { chooseAccountStep } from '#app/domain/accounts/choose-account-step.ts';
import type { ChosenStep } from '#app/domain/accounts/choose-account-step.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** The order on whose page somebody stands, once it is known that they may see it. */
export interface AccountStepInput {
  /** Null for a guest without a customer; negative for somebody who was forgotten. */
  readonly customerId: bigint | null;
  readonly isSignedIn: boolean;
}

/** What the page of an order says about the account. Writes nothing. */
export async function chooseStepFor(db: TenantDb, { shop }: Pick<ShopContext, 'shop'>, { customerId, isSignedIn }: AccountStepInput): Promise<ChosenStep> {
  const settings = await loadAccountSettings(db, shop);
  const { mode, url } = await loadAccountsOfShop(db, shop);
  const isKnown = customerId !== null && customerId > 0n;
  const customer = isKnown
    ? await db.customer.findUnique({ where: { shopId_customerId: { shopId: shop.shopId, customerId } }, select: { accountState: true } })
    : null;
  const hasInvite = isKnown && (await hasInviteWish(db, shop, customerId));
  return chooseAccountStep({ settings, mode, accountsUrl: url, isSignedIn, customer, hasInvite });
}
