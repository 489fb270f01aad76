import { z } from 'zod';

import { numericId } from '#app/adapters/shopify/gid.ts';
import { readJson } from '#app/adapters/http/read-json.server.ts';
import type { AdjustPointsRequest, GivePointsRequest } from '#app/contracts/admin-blocks.ts';

const DIGITS = /^[1-9]\d{0,17}$/;
// Longer than what is taken, so that the field is told of and not the form refused.
const typedSchema = z.string().max(2_000);
const requestKeySchema = z.uuid().transform((text) => text.toLowerCase());
const idSchema = z.string().max(100);

/** Fields that a later version of a block sends are passed over. */
const adjustSchema = z.object({
  customerId: idSchema,
  points: typedSchema,
  direction: z.enum(['give', 'take']),
  reason: typedSchema,
  requestKey: requestKeySchema,
});

const giveSchema = z.object({ segmentId: idSchema, points: typedSchema, reason: typedSchema, requestKey: requestKeySchema });

/** Shopify's number of a customer, or its whole id; null for anything else. */
export function readCustomerId(text: string | null): bigint | null {
  return readId(text, 'gid://shopify/Customer/');
}

export function readSegmentId(text: string | null): bigint | null {
  return readId(text, 'gid://shopify/Segment/');
}

export function readGiftId(text: string | null): string | null {
  const read = requestKeySchema.safeParse(text);
  return read.success ? read.data : null;
}

export type AskedAdjustment = Omit<AdjustPointsRequest, 'customerId'> & { readonly customerId: bigint };

/** Null for what no block of ours sends. */
export async function readAdjustPointsRequest(request: Request): Promise<AskedAdjustment | null> {
  const read = adjustSchema.safeParse(await readJson(request));
  const customerId = read.success ? readCustomerId(read.data.customerId) : null;
  return read.success && customerId !== null ? { ...read.data, customerId } : null;
}

export type AskedGift = Omit<GivePointsRequest, 'segmentId'> & { readonly segmentId: bigint };

export async function readGivePointsRequest(request: Request): Promise<AskedGift | null> {
  const read = giveSchema.safeParse(await readJson(request));
  const segmentId = read.success ? readSegmentId(read.data.segmentId) : null;
  return read.success && segmentId !== null ? { ...read.data, segmentId } : null;
}

function readId(text: string | null, kind: string): bigint | null {
  if (text === null) return null;
  if (DIGITS.test(text)) return BigInt(text);
  return text.startsWith(kind) ? numericId(text) : null;
}
