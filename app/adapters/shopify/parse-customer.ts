import { z } from 'zod';

import { gidSchema, instant, parseRecord } from '#app/adapters/shopify/record-schemas.ts';

/** A customer as we keep one: no name, e-mail, phone or address. */
export interface CustomerRecord {
  customerId: bigint;
  createdAt: Date;
  updatedAt: Date;
  accountState: string | null;
  locale: string | null;
  /** As Shopify counts them. */
  numberOfOrders: number;
  /** CustomerRfmGroup, or a name of later; null where it was not asked for or Shopify does not tell. */
  shopifyRfmGroup: string | null;
}

// UnsignedInt64 travels as a string.
const count = z.union([z.int(), z.string().regex(/^\d+$/)]).transform(Number).pipe(z.int32().min(0));

/** Of a `CustomerFacts` selection. */
export const customerSchema = z
  .object({
    id: gidSchema,
    createdAt: instant,
    updatedAt: instant,
    state: z.string().nullable(),
    locale: z.string().nullable(),
    numberOfOrders: count,
    statistics: z.object({ rfmGroup: z.string().nullish() }).nullish(),
  })
  .transform(
    (customer): CustomerRecord => ({
      customerId: customer.id,
      createdAt: customer.createdAt,
      updatedAt: customer.updatedAt,
      accountState: customer.state,
      locale: customer.locale,
      numberOfOrders: customer.numberOfOrders,
      shopifyRfmGroup: customer.statistics?.rfmGroup ?? null,
    }),
  );

/** Reads a `CustomerFacts` selection. Throws ShopifyRecordError. */
export function parseCustomer(input: unknown): CustomerRecord {
  return parseRecord(customerSchema, input);
}
