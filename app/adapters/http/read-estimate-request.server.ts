import { z } from 'zod';

import { readJson } from '#app/adapters/http/read-json.server.ts';
import { numericId } from '#app/adapters/shopify/gid.ts';
import type { AskedCheckout } from '#app/domain/loyalty/accrual/checkout-goods.ts';
import { parseMinorUnits } from '#app/domain/money/parse-minor-units.ts';

/** What a cart of Shopify's can hold. */
const MOST_LINES = 500;
const MOST_DISCOUNTS = 100;
/** In minor units: far above any order, and sums of five hundred such are still exact. */
const MOST_MINOR = 1e12;

const amountSchema = z.string().max(20);
const requestSchema = z.object({
  currency: z.string().length(3),
  lines: z.array(z.object({ productId: z.string().max(60).nullable(), amount: amountSchema, isSent: z.boolean() })).min(1).max(MOST_LINES),
  discounts: z.array(amountSchema).max(MOST_DISCOUNTS),
  shipping: amountSchema.nullable(),
  tax: amountSchema.nullable(),
  total: amountSchema,
});

/** Null for what no surface of ours sends. Fields that a later version of an extension sends are passed over. */
export async function readEstimateRequest(request: Request): Promise<AskedCheckout | null> {
  const read = requestSchema.safeParse(await readJson(request));
  if (!read.success) return null;
  const { currency, lines, discounts, shipping, tax, total } = read.data;
  let isWhole = true;
  const minorOf = (text: string): number => {
    const minor = parseMinorUnits(text, currency);
    if (minor.ok && minor.value >= 0 && minor.value <= MOST_MINOR) return minor.value;
    isWhole = false;
    return 0;
  };
  const productOf = (gid: string | null): number | null => {
    if (gid === null) return null;
    const id = Number(numericId(gid) ?? 0);
    if (!Number.isSafeInteger(id) || id <= 0) isWhole = false;
    return id;
  };
  const checkout: AskedCheckout = {
    currency,
    lines: lines.map(({ productId, amount, isSent }) => ({ productId: productOf(productId), amountMinor: minorOf(amount), isSent })),
    discountsMinor: discounts.map(minorOf),
    shippingMinor: shipping === null ? null : minorOf(shipping),
    taxMinor: tax === null ? null : minorOf(tax),
    totalMinor: minorOf(total),
  };
  return isWhole ? checkout : null;
}
