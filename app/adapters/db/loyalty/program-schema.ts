import { z } from 'zod';

import type { Program } from '#app/domain/loyalty/program/program.ts';

const int = z.number().int();
const money = z.object({ currency: z.string(), amountMinor: int });
const amounts = z.array(money);
const points = int;

const statusSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('off') }),
  z.object({ kind: z.literal('live') }),
  z.object({ kind: z.literal('paused') }),
  z.object({ kind: z.literal('winding-down'), lastRedemptionDay: int }),
]);

const multiplierSchema = z.object({
  id: z.string(),
  name: z.string(),
  scope: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('all') }),
    z.object({ kind: z.literal('products'), productIds: z.array(int) }),
    z.object({ kind: z.literal('collections'), collectionIds: z.array(int) }),
  ]),
  factorBasisPoints: int,
  startsAtMs: int.nullable(),
  endsAtMs: int.nullable(),
});

const earningSchema = z.object({
  earnsFromMs: int,
  occasion: z.enum(['paid', 'fulfilled']),
  pendingDays: int,
  rates: z.array(z.object({ currency: z.string(), points, perMinor: int })),
  otherCurrencies: z.enum(['convert', 'nothing']),
  multipliers: z.array(multiplierSchema),
  thresholdBonuses: z.array(z.object({ id: z.string(), currency: z.string(), minimumMinor: int, points })),
  maximumPointsAnOrder: points.nullable(),
  // Versions that were saved before there was one have none.
  maximumPointsByHand: points.nullable().default(null),
  welcomePoints: points.nullable(),
  firstOrderPoints: points.nullable(),
  birthdayPoints: points.nullable(),
});

const timed = { months: int, noticeDays: z.array(int) };
const expirySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('never') }),
  z.object({ kind: z.literal('inactivity'), ...timed }),
  z.object({ kind: z.literal('age'), ...timed }),
]);

const rewardSchema = z.object({
  id: z.string(),
  name: z.string(),
  isOffered: z.boolean(),
  gives: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('amount'), points, amounts }),
    z.object({ kind: z.literal('any-amount'), pointsAStep: points, amounts, leastPoints: points, mostPoints: points.nullable() }),
    z.object({ kind: z.literal('percent'), points, percentBasisPoints: int }),
    z.object({ kind: z.literal('free-shipping'), points }),
    z.object({ kind: z.literal('free-product'), points, variantId: int, title: z.string() }),
    z.object({ kind: z.literal('store-credit'), points, amounts }),
  ]),
  minimumSubtotals: amounts,
  validDays: int,
  limitAMember: int.nullable(),
  combinesWith: z.object({ order: z.boolean(), product: z.boolean(), shipping: z.boolean() }),
});

const tiersSchema = z.object({
  basis: z.enum(['spend', 'points', 'orders']),
  window: z.enum(['lifetime', 'calendar-year', 'rolling-year']),
  levels: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      threshold: int,
      factorBasisPoints: int,
      entryPoints: points.nullable(),
      hasFreeShipping: z.boolean(),
      tag: z.string().nullable(),
    }),
  ),
  graceDays: int,
});

/**
 * A program as it is stored, or sent by a page: its shape. What it says is judged by the domain. Keys that are unknown
 * are of a later version of the app and are left out, since programs only grow.
 */
export const programSchema: z.ZodType<Program> = z.object({
  status: statusSchema,
  earning: earningSchema,
  expiry: expirySchema,
  rewards: z.array(rewardSchema),
  tiers: tiersSchema.nullable(),
});
