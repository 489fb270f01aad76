import { z } from 'zod';

import { WITHOUT_POINTS } from '#app/domain/loyalty/accrual/award-reason.ts';
import type { OrderReason } from '#app/domain/loyalty/accrual/award-reason.ts';
import type { EntryReason } from '#app/domain/loyalty/ledger/entry.ts';

const int = z.number().int();

const earnedSchema = z.object({
  code: z.literal('order-earned'),
  currency: z.string(),
  valueMinor: int,
  ratePoints: int,
  ratePerMinor: int,
  tier: z.string().nullable(),
  tierFactorBasisPoints: int.nullable(),
  lines: z.array(
    z.object({
      line: z.string().nullable(),
      baseMinor: int,
      rule: z.enum(['usual', 'tier', 'multiplier', 'gift-card']),
      ruleId: z.string().nullable(),
      factorBasisPoints: int,
      points: int,
    }),
  ),
  bonus: z.object({ id: z.string(), minimumMinor: int, points: int }).nullable(),
  cappedAtPoints: int.nullable(),
});

const withoutSchema = z.object({ code: z.enum(WITHOUT_POINTS) });

/** Why an order earned what it did, as it was written with the entry; null for what is no such reason. */
export function readOrderReason(reason: EntryReason | OrderReason): OrderReason | null {
  const earned = earnedSchema.safeParse(reason);
  if (earned.success) return earned.data;
  const without = withoutSchema.safeParse(reason);
  return without.success ? without.data : null;
}
