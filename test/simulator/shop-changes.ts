import type { ShopStore } from './shop-store.ts';
import type { SimShop } from './state.ts';

/** What the admin's page of customer accounts changes; Shopify tells of it by a topic of its own, and not of the shop. */
export function changeCustomerAccounts(store: ShopStore, customerAccounts: SimShop['customerAccounts']): void {
  store.save('shop', { ...store.shop, customerAccounts });
  store.emit('customer_account_settings/update', {
    url: customerAccounts === 'CLASSIC' ? null : `https://shopify.com/${store.shop.id}/account`,
    customer_accounts_version: customerAccounts.toLowerCase(),
    login_required_at_checkout: false,
    login_links_visible_on_storefront_and_checkout: true,
  });
}
