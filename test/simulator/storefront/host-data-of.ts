import { minorUnitDigits } from '../currency-amount.ts';
import type { SimShopState } from '../simulator.ts';
import type { SimCustomer, SimMoney, SimOrder } from '../state.ts';
import type { HostAdmin, HostCart, HostData, HostMoney } from './browser/host/host-data.ts';
import type { UiExtension } from './extension-catalogue.ts';
import type { ExtensionTexts } from './extension-texts.ts';
import { summaryOfCart, summaryOfOrder } from './pages/order-summary.ts';
import type { PricedShopperCart } from './shopper-cart.ts';
import type { Shopper } from './storefront-memory.ts';

type OrderSummary = ReturnType<typeof summaryOfOrder>;

/** What every frame is told, whichever page it stands on. */
export interface FrameSurroundings {
  extension: UiExtension;
  target: string;
  texts: ExtensionTexts;
  shop: SimShopState;
  storefrontUrl: string;
  /** Set only for a buyer who is signed in. */
  customer: SimCustomer | undefined;
  ordersCount: number;
  tokenAddress: string;
  scriptAddress: string;
  isInEditor: boolean;
  isOrderLate: boolean;
  addresses: HostData['addresses'];
}

export interface OrderOfFrame {
  order: SimOrder;
  confirmationNumber: string;
  isFirstOrder: boolean;
}

export function hostDataOfOrder(around: FrameSurroundings, of: OrderOfFrame): HostData {
  const { order } = of;
  return {
    ...hostData(around),
    locale: order.locale,
    currency: order.presentmentCurrency,
    countryCode: order.shippingAddress?.countryCode ?? null,
    email: order.email,
    order: {
      id: order.id,
      name: order.name,
      number: of.confirmationNumber,
      isFirstOrder: of.isFirstOrder,
      processedAt: order.createdAt,
    },
    cart: hostCart(summaryOfOrder(order), { codes: order.discounts, isOfOrder: false }),
  };
}

export function hostDataOfShopper(around: FrameSurroundings, shopper: Shopper): HostData {
  return {
    ...hostData(around),
    locale: shopper.locale,
    currency: shopper.currency,
    countryCode: shopper.countryCode,
    email: around.customer?.email ?? (shopper.form.email || null),
  };
}

/** @param locale of the admin, not of the store */
export function hostDataOfAdmin(around: FrameSurroundings, locale: string, admin: HostAdmin): HostData {
  return { ...hostData(around), locale, admin };
}

export function hostDataOfCheckout(
  around: FrameSurroundings,
  of: { shopper: Shopper; cart: PricedShopperCart; discountAddress: string; canUpdateDiscountCodes: boolean },
): HostData {
  return {
    ...hostDataOfShopper(around, of.shopper),
    cart: hostCartOf(around.shop, of.cart),
    discountAddress: of.discountAddress,
    canUpdateDiscountCodes: of.canUpdateDiscountCodes,
  };
}

/**
 * A shopper's cart as an extension is told of it; only a code that applies is among its codes. As at Shopify, what a code
 * takes off all goods is off the order, and is in no line's total; one for some products is off their lines.
 */
export function hostCartOf(shop: SimShopState, cart: PricedShopperCart): HostCart {
  const code = cart.applied?.code ?? null;
  const summary = summaryOfCart(cart.lines, cart.priced, code, shop.shop.taxesIncluded);
  const { variantIds = [] } = cart.applied?.discount ?? {};
  return hostCart(summary, { codes: code === null ? [] : [{ code }], isOfOrder: variantIds.length === 0 });
}

function hostData({ extension, shop, customer, ...around }: FrameSurroundings): HostData {
  return {
    target: around.target,
    apiVersion: extension.apiVersion,
    extensionHandle: extension.handle,
    scriptAddress: around.scriptAddress,
    tokenAddress: around.tokenAddress,
    isInEditor: around.isInEditor,
    isOrderLate: around.isOrderLate,
    shop: {
      id: `gid://shopify/Shop/${shop.shop.id}`,
      name: shop.shop.name,
      myshopifyDomain: shop.shop.domain,
      storefrontUrl: around.storefrontUrl,
    },
    locale: shop.shop.primaryLocale,
    texts: around.texts,
    currency: shop.shop.currency,
    countryCode: null,
    timeZone: shop.shop.ianaTimezone,
    email: null,
    customer: customer
      ? {
          id: `gid://shopify/Customer/${customer.id}`,
          email: customer.email,
          firstName: customer.firstName,
          lastName: customer.lastName,
          acceptsEmailMarketing: customer.marketingState === 'SUBSCRIBED',
          ordersCount: around.ordersCount,
        }
      : null,
    order: null,
    cart: null,
    discountAddress: null,
    canUpdateDiscountCodes: false,
    addresses: around.addresses,
    admin: null,
  };
}

function hostCart(summary: OrderSummary, { codes, isOfOrder }: { codes: readonly { code: string }[]; isOfOrder: boolean }): HostCart {
  const [first] = codes;
  const isApart = isOfOrder && first !== undefined && summary.discount.amountMinor > 0;
  return {
    discountCodes: codes.map(({ code }) => ({ code })),
    discountAllocations: isApart ? [{ type: 'code', code: first.code, discountedAmount: hostMoney(summary.discount) }] : [],
    lines: summary.lines.map((line, index) => ({
      id: `gid://shopify/CartLine/${index + 1}`,
      title: line.title,
      subtitle: line.variantTitle,
      productId: `gid://shopify/Product/${line.productId}`,
      quantity: line.quantity,
      requiresShipping: !line.isGiftCard,
      total: hostMoney(isApart ? line.full : line.discounted),
    })),
    cost: {
      subtotal: hostMoney({
        amountMinor: summary.subtotal.amountMinor - summary.discount.amountMinor,
        currency: summary.subtotal.currency,
      }),
      shipping: hostMoney(summary.shipping),
      tax: hostMoney(summary.tax),
      total: hostMoney(summary.total),
    },
  };
}

function hostMoney(money: SimMoney): HostMoney {
  return { amount: money.amountMinor / 10 ** minorUnitDigits(money.currency), currencyCode: money.currency };
}
