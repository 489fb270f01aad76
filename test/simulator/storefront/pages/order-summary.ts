import { html } from 'hono/html';

import type { SimMoney, SimOrder } from '../../state.ts';
import { formatMoney } from '../currencies.ts';
import type { ChosenLine } from '../place-order.ts';
import type { PricedCart } from '../price-cart.ts';
import type { Say } from '../shop-words.ts';
import type { Html } from './layout.ts';
import { productPicture } from './product-picture.ts';

export interface SummaryLine {
  productId: number;
  title: string;
  variantTitle: string | null;
  quantity: number;
  isGiftCard: boolean;
  /** Before and after the line's discount. */
  full: SimMoney;
  discounted: SimMoney;
}

export interface Summary {
  lines: SummaryLine[];
  subtotal: SimMoney;
  discount: SimMoney;
  discountCode: string | null;
  shipping: SimMoney;
  tax: SimMoney;
  taxesIncluded: boolean;
  total: SimMoney;
}

export function summaryOfCart(
  lines: readonly ChosenLine[],
  priced: PricedCart,
  discountCode: string | null,
  taxesIncluded: boolean,
): Summary {
  return {
    lines: lines.map((line, index) => {
      const one = priced.lines[index];
      const fullMinor = (one?.unitPrice.presentment.amountMinor ?? 0) * line.quantity;
      const { currency } = priced.total.presentment;
      return {
        productId: line.product.id,
        title: line.product.title,
        variantTitle: line.variant.title,
        quantity: line.quantity,
        isGiftCard: line.product.isGiftCard === true,
        full: { amountMinor: fullMinor, currency },
        discounted: { amountMinor: fullMinor - (one?.discount.presentment.amountMinor ?? 0), currency },
      };
    }),
    subtotal: priced.subtotal.presentment,
    discount: priced.discount.presentment,
    discountCode,
    shipping: priced.shipping.presentment,
    tax: priced.tax.presentment,
    taxesIncluded,
    total: priced.total.presentment,
  };
}

export function summaryOfOrder(order: SimOrder): Summary {
  const currency = order.presentmentCurrency;
  const sum = (amounts: number[]): SimMoney => ({ amountMinor: amounts.reduce((all, one) => all + one, 0), currency });
  const lines = order.lines.map((line) => {
    const fullMinor = line.unitPrice.presentment.amountMinor * line.quantity;
    return {
      productId: line.productId ?? line.id,
      title: line.title,
      variantTitle: line.variantTitle,
      quantity: line.quantity,
      isGiftCard: line.isGiftCard === true,
      full: { amountMinor: fullMinor, currency },
      discounted: { amountMinor: fullMinor - line.discount.presentment.amountMinor, currency },
    };
  });
  return {
    lines,
    subtotal: sum(lines.map((line) => line.full.amountMinor)),
    discount: sum(order.lines.map((line) => line.discount.presentment.amountMinor)),
    discountCode: order.discounts[0]?.code ?? null,
    shipping: order.shipping.presentment,
    tax: sum([
      ...order.lines.map((line) => line.tax.presentment.amountMinor),
      order.shippingTax.presentment.amountMinor,
    ]),
    taxesIncluded: order.taxesIncluded,
    total: order.received.presentment,
  };
}

export function summaryContent(summary: Summary, locale: string, say: Say): Html {
  const money = (amount: SimMoney): string => formatMoney(amount, locale);
  return html`<ul class="summary__lines">
      ${summary.lines.map(
        (line) =>
          html`<li>
            <span class="summary__picture">${productPicture(line.productId, '')}<b>${line.quantity}</b></span>
            <span class="summary__title"
              ><bdi>${line.title}</bdi>${isWorthShowing(line.variantTitle)
                ? html`<small><bdi>${line.variantTitle}</bdi></small>`
                : ''}</span
            >
            <span class="summary__amount"
              >${line.full.amountMinor === line.discounted.amountMinor ? '' : html`<s>${money(line.full)}</s>`}${money(
                line.discounted,
              )}</span
            >
          </li>`,
      )}
    </ul>
    <dl class="summary__sums">
      <div>
        <dt>${say('subtotal')}</dt>
        <dd>${money(summary.subtotal)}</dd>
      </div>
      ${summary.discount.amountMinor > 0
        ? html`<div class="summary__discount">
            <dt>
              ${say('discount')}${summary.discountCode === null ? '' : html` <code>${summary.discountCode}</code>`}
            </dt>
            <dd>−${money(summary.discount)}</dd>
          </div>`
        : ''}
      <div>
        <dt>${say('shipping')}</dt>
        <dd>${summary.shipping.amountMinor === 0 ? say('free') : money(summary.shipping)}</dd>
      </div>
      ${!summary.taxesIncluded && summary.tax.amountMinor > 0
        ? html`<div>
            <dt>${say('tax')}</dt>
            <dd>${money(summary.tax)}</dd>
          </div>`
        : ''}
      <div class="summary__total">
        <dt>
          ${say('total')}${summary.taxesIncluded && summary.tax.amountMinor > 0
            ? html`<small>${say('taxIncluded', { amount: money(summary.tax) })}</small>`
            : ''}
        </dt>
        <dd><abbr>${summary.total.currency}</abbr> ${money(summary.total)}</dd>
      </div>
    </dl>`;
}

/** Shopify's name for the only variant of a product says nothing to a buyer. */
function isWorthShowing(variantTitle: string | null): boolean {
  return variantTitle !== null && variantTitle !== '' && variantTitle !== 'Default Title';
}
