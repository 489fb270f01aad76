import { z } from 'zod';

import { parseRecord } from '#app/adapters/shopify/parse-order.ts';

const id = z.union([z.number().int().positive(), z.string().regex(/^\d+$/)]).transform((value) => BigInt(value));

const payloadOfOneSchema = z.object({ id });
const mergeSchema = z.object({
  admin_graphql_api_customer_kept_id: z.string(),
  admin_graphql_api_customer_deleted_id: z.string(),
});
const customerRequestSchema = z.object({
  customer: z.object({ id: id.nullish() }).nullish(),
  orders_to_redact: z.array(id).nullish(),
  orders_requested: z.array(id).nullish(),
});

/** The order or customer that a webhook is about; nothing else of the payload is believed. */
export function parseSubjectId(body: string): bigint {
  return parseRecord(payloadOfOneSchema, JSON.parse(body)).id;
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
