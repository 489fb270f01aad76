import type { Simulator } from '../../simulator.ts';
import type { SimMetafield } from '../../state.ts';
import type { ShopView } from '../pages/layout.ts';

/** The objects that Liquid finds on a storefront's page, as far as our blocks use them. */
export function themeObjects({ origin, app }: Simulator, { shop, shopper, root }: Pick<ShopView, 'shop' | 'shopper' | 'root'>): Record<string, unknown> {
  const customer = shop.customers.get(shopper.signedInCustomerId ?? -1);
  return {
    customer: customer && { id: customer.id, metafields: metafieldsOf(app.clientId, customer.metafields) },
    app: { metafields: metafieldsOf(app.clientId, shop.shop.appMetafields) },
    // A store has an origin of its own; here it is a part of the one that all share.
    request: { origin: origin + root, locale: { iso_code: shopper.locale } },
    routes: { root_url: root, account_login_url: `${root}/account` },
    cart: { currency: { iso_code: shopper.currency } },
    shop: { name: shop.shop.name },
  };
}

/** By namespace, ours also under its short name. */
function metafieldsOf(clientId: string, metafields: readonly SimMetafield[] = []): Record<string, Record<string, { value: unknown }>> {
  const spaces: Record<string, Record<string, { value: unknown }>> = {};
  for (const { namespace, key, type, value } of metafields) {
    const name = namespace.replace(`app--${clientId}--`, '$app:');
    spaces[name] = { ...spaces[name], [key]: { value: valueOf(type, value) } };
  }
  return spaces;
}

function valueOf(type: string, value: string): unknown {
  return type === 'number_integer' ? Number(value) : type === 'json' ? JSON.parse(value) : value;
}
