import { z } from 'zod';

const rows = z.array(z.record(z.string(), z.unknown())).default([]);

/** What is held of a customer, by kind of record; null when nothing is. Ids and money are strings, so that none is rounded. */
export const answerSchema = z
  .object({
    customer: rows,
    orders: rows,
    /** How many orders there are beyond the first two thousand. */
    ordersLeftOut: z.number().default(0),
    orderLines: rows,
    refunds: rows,
    fulfillments: rows,
    discounts: rows,
    codes: rows,
    /** Store credit that their orders brought them. */
    credits: rows,
    /** Orders that something was to be given for, and whether chance left them without. */
    offers: rows,
    marks: rows,
    membership: rows,
    points: rows,
    /** What they took for points. */
    rewards: rows,
    /** When the shop left them out of its program, and took them in again. */
    exclusions: rows,
    tiers: rows,
    /** What they were to be told of points and tiers. */
    notices: rows,
    /** What Shopify Flow was told of them. */
    workflows: rows,
    invites: rows,
    /** When and what for their data was opened before. By whom is another person's, and not told. */
    accesses: rows,
  })
  .nullable();

export type DataAnswer = NonNullable<z.infer<typeof answerSchema>>;
export const ANSWER_PARTS = ['customer', 'orders', 'orderLines', 'refunds', 'fulfillments', 'discounts', 'codes', 'credits', 'offers', 'marks', 'membership', 'points', 'rewards', 'exclusions', 'tiers', 'notices', 'workflows', 'invites', 'accesses'] as const;
