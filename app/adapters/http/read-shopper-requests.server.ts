import { z } from 'zod';

import { readJson } from '#app/adapters/http/read-json.server.ts';
import type { BirthdayRequest, RedeemRequest } from '#app/contracts/shopper-loyalty.ts';

/** Fields that a later version of an extension sends are passed over. */
const redeemSchema = z.object({
  rewardId: z.string().min(1).max(100),
  points: z.number().int().min(1).max(1_000_000_000).optional(),
  requestKey: z.uuid().transform((text) => text.toLowerCase()),
});

const birthdaySchema = z.object({ month: z.number().int().min(1).max(12), day: z.number().int().min(1).max(31) });

/** Null for what no surface of ours sends. */
export async function readRedeemRequest(request: Request): Promise<RedeemRequest | null> {
  const read = redeemSchema.safeParse(await readJson(request));
  if (!read.success) return null;
  const { rewardId, points, requestKey } = read.data;
  return { rewardId, requestKey, ...(points === undefined ? {} : { points }) };
}

/** Null for what no surface of ours sends; whether there is such a day is not asked here. */
export async function readBirthdayRequest(request: Request): Promise<BirthdayRequest | null> {
  const read = birthdaySchema.safeParse(await readJson(request));
  return read.success ? read.data : null;
}
