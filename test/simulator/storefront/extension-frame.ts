import { html, raw } from 'hono/html';

import { minorUnitDigits } from '../currency-amount.ts';
import type { SimShopState } from '../simulator.ts';
import type { SimCustomer, SimMoney, SimOrder } from '../state.ts';
import type { HostData, HostMoney } from './browser/host/host-data.ts';
import type { UiExtension } from './extension-catalogue.ts';
import type { ExtensionTexts } from './extension-texts.ts';
import type { Html } from './pages/layout.ts';
import { summaryOfOrder } from './pages/order-summary.ts';
import { directionOf } from './shop-words.ts';

export interface FrameInput {
  extension: UiExtension;
  target: string;
  texts: ExtensionTexts;
  shop: SimShopState;
  storefrontUrl: string;
  order: SimOrder;
  confirmationNumber: string;
  isFirstOrder: boolean;
  /** Set only for a buyer who is signed in. */
  customer: SimCustomer | undefined;
  ordersCount: number;
  tokenAddress: string;
  scriptAddress: string;
}

/** The document in which one target of an extension runs, as alone as it is in the worker of a real checkout. */
export function extensionFramePage(input: FrameInput): Html {
  const { locale } = input.order;
  const data = JSON.stringify(hostData(input)).replaceAll('<', '\\u003c');
  return html`<!DOCTYPE html>
    <html lang="${locale}" dir="${directionOf(locale)}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${input.extension.name}</title>
        <link rel="stylesheet" href="/storefront/extension-frame.css" />
        <script type="application/json" id="host-data">
          ${raw(data)}
        </script>
        <script src="/storefront/extension-host.js" defer></script>
        <script src="${input.scriptAddress}" defer></script>
      </head>
      <body></body>
    </html>`;
}

function hostData(input: FrameInput): HostData {
  const { extension, shop, order, customer, texts } = input;
  const summary = summaryOfOrder(order);
  const address = order.shippingAddress;
  return {
    target: input.target,
    apiVersion: extension.apiVersion,
    extensionHandle: extension.handle,
    scriptAddress: input.scriptAddress,
    tokenAddress: input.tokenAddress,
    shop: {
      id: `gid://shopify/Shop/${shop.shop.id}`,
      name: shop.shop.name,
      myshopifyDomain: shop.shop.domain,
      storefrontUrl: input.storefrontUrl,
    },
    locale: order.locale,
    texts,
    currency: order.presentmentCurrency,
    countryCode: address?.countryCode ?? null,
    timeZone: shop.shop.ianaTimezone,
    orderConfirmation: {
      order: { id: `gid://shopify/OrderIdentity/${order.id}` },
      number: input.confirmationNumber,
      isFirstOrder: input.isFirstOrder,
    },
    email: order.email,
    customer: customer
      ? {
          id: `gid://shopify/Customer/${customer.id}`,
          email: customer.email,
          firstName: customer.firstName,
          lastName: customer.lastName,
          acceptsEmailMarketing: customer.marketingState === 'SUBSCRIBED',
          ordersCount: input.ordersCount,
        }
      : null,
    discountCodes: order.discounts.map(({ code }) => ({ code })),
    lines: summary.lines.map((line, index) => ({
      id: `gid://shopify/CartLine/${index + 1}`,
      title: line.title,
      subtitle: line.variantTitle,
      productId: `gid://shopify/Product/${line.productId}`,
      quantity: line.quantity,
      total: hostMoney(line.discounted),
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
