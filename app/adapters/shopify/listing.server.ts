import { z } from 'zod';

import { ShopifyUnavailableError, type AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { readCount } from '#app/adapters/shopify/bulk-operations.server.ts';
import { gidSchema, instant } from '#app/adapters/shopify/record-schemas.ts';
import { ListingStateDocument } from '#app/generated/admin-api.ts';

export type ReadListed<TRecord> =
  | { kind: 'read'; record: TRecord }
  /** It is in the list, but something of it cannot be read. */
  | { kind: 'unreadable'; id: bigint }
  /** Not even which record it is. */
  | { kind: 'broken' };

const listedIdSchema = z.object({ id: gidSchema });

/** Reads one line of a list that is made for a comparison. */
export function readListed<TRecord>(text: string, schema: z.ZodType<TRecord>): ReadListed<TRecord> {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return { kind: 'broken' };
  }
  const parsed = schema.safeParse(line);
  if (parsed.success) return { kind: 'read', record: parsed.data };
  const named = listedIdSchema.safeParse(line);
  return named.success ? { kind: 'unreadable', id: named.data.id } : { kind: 'broken' };
}

export interface ListingFacts {
  /** Shopify's BulkOperationStatus, or one that it will think of later. */
  status: string;
  errorCode: string | null;
  /** By Shopify's clock. */
  createdAt: Date;
  objectCount: number;
  /** Null while it runs, and for an empty list. */
  url: string | null;
}

/** Null when Shopify does not know the operation (any more). */
export async function loadListing(admin: AdminApi, operationId: string): Promise<ListingFacts | null> {
  const { data } = await admin(ListingStateDocument, { id: operationId });
  const operation = data.bulkOperation;
  if (!operation) return null;
  const objectCount = readCount(operation.objectCount);
  // Without it an address that is missing would pass for an empty list.
  if (objectCount === null) throw new ShopifyUnavailableError('Shopify does not say how many objects it lists');
  return {
    status: operation.status,
    errorCode: operation.errorCode ?? null,
    createdAt: instant.parse(operation.createdAt),
    objectCount,
    url: operation.url ?? null,
  };
}
