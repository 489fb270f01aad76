import { z } from 'zod';

import { numericId } from '#app/adapters/shopify/gid.ts';
import { parseMinorUnits } from '#app/domain/money/parse-minor-units.ts';

const FIRST_INSTANT_MS = Date.UTC(1900, 0);
const LAST_INSTANT_MS = Date.UTC(9999, 0);

/** Within what both we and PostgreSQL can write as a date. */
export const instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((at) => at.getTime() >= FIRST_INSTANT_MS && at.getTime() < LAST_INSTANT_MS, 'is no date of our times');

/** The number at the end of a Shopify id. */
export const gidSchema = z.string().transform((text, context) => {
  const id = numericId(text);
  if (id !== null) return id;
  context.addIssue({ code: 'custom', message: 'is not a Shopify id with a number' });
  return z.NEVER;
});

export interface ShopMoney {
  minor: number;
  currency: string;
}

const moneyV2 = z.object({ amount: z.string(), currencyCode: z.string() });

/** An amount that does not fit its currency is an error here, so that no order enters with a rounded sum. */
const fittingMoney = moneyV2.transform(({ amount, currencyCode }, context): ShopMoney => {
  const parsed = parseMinorUnits(amount, currencyCode);
  if (parsed.ok) return { minor: parsed.value, currency: currencyCode };
  context.addIssue({ code: 'custom', message: `amount does not fit its currency: ${parsed.reason}` });
  return z.NEVER;
});

export const shopMoney = z.object({ shopMoney: fittingMoney }).transform(({ shopMoney }): ShopMoney => shopMoney);

/** With what the shopper saw, as it came. */
export const bothMoney = z
  .object({ shopMoney: fittingMoney, presentmentMoney: moneyV2 })
  .transform(({ shopMoney, presentmentMoney }) => ({ ...shopMoney, presentment: presentmentMoney }));

/** The record did not have the shape that we asked Shopify for. The message names fields, never values. */
export class ShopifyRecordError extends Error {
  override name = 'ShopifyRecordError';
}

export function parseRecord<TRecord>(schema: z.ZodType<TRecord>, input: unknown): TRecord {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ShopifyRecordError(problems.join('; '));
}
