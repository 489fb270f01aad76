import { z } from 'zod';

import { instant, parseRecord } from '#app/adapters/shopify/record-schemas.ts';

// What a bigint column holds; Shopify would refuse to look for an id beyond it, and with it for the whole batch.
const MAX_ID = 2n ** 63n - 1n;
const id = z
  .union([z.number().int().positive(), z.string().regex(/^\d+$/)])
  .transform((value) => BigInt(value))
  .refine((value) => value <= MAX_ID, 'is no id');

const payloadOfOneSchema = z.object({ id });
// A time that cannot be read is as good as none: the record is then read whatever it says.
const versionSchema = z.object({ updated_at: instant.nullish().catch(null) });
const mergeSchema = z.object({
  admin_graphql_api_customer_kept_id: z.string(),
  admin_graphql_api_customer_deleted_id: z.string(),
});
const customerRequestSchema = z.object({
  customer: z.object({ id: id.nullish() }).nullish(),
  orders_to_redact: z.array(id).nullish(),
  orders_requested: z.array(id).nullish(),
});

/** The order or customer that a webhook is about. */
export function parseSubjectId(body: string): bigint {
  return parseRecord(payloadOfOneSchema, JSON.parse(body)).id;
}

/** Which version of its subject a webhook tells of; null when it does not say. */
export function parseVersion(body: string): Date | null {
  return parseRecord(versionSchema, JSON.parse(body)).updated_at ?? null;
}

export function parseMerge(body: string): { keptGid: string; deletedGid: string } {
  const merge = parseRecord(mergeSchema, JSON.parse(body));
  return { keptGid: merge.admin_graphql_api_customer_kept_id, deletedGid: merge.admin_graphql_api_customer_deleted_id };
}

export interface CustomerRequest {
  /** Null when the request names an e-mail or a phone alone, neither of which we keep. */
  customerId: bigint | null;
  orderIds: bigint[];
}

export function parseCustomerRequest(body: string): CustomerRequest {
  const request = parseRecord(customerRequestSchema, JSON.parse(body));
  return {
    customerId: request.customer?.id ?? null,
    orderIds: request.orders_to_redact ?? request.orders_requested ?? [],
  };
}
