import { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import { OFFER_GRANT_KINDS, OFFER_ORDERS } from '#app/domain/offers/offer-rule.ts';
import type { OffersDraft } from '#app/domain/offers/offers-draft.ts';

// Nothing that a person types here is longer, and no page of ours sends more.
const text = z.string().max(200);
const number = z.string().max(40);
const ids = z.array(z.string().max(64)).max(1000);

const ruleSchema = z.strictObject({
  ruleId: z.uuid(),
  name: text,
  isEnabled: z.boolean(),
  orders: z.enum(OFFER_ORDERS),
  ...{ segments: ids, tiers: ids, countries: ids, products: ids },
  ...{ leastSubtotal: number, mostSubtotal: number },
  kind: z.enum(OFFER_GRANT_KINDS),
  ...{ percent: number, amount: number, minimum: number },
  validity: z.enum(['days', 'hours']),
  ...{ days: number, hours: number },
});

const draftSchema = z.strictObject({
  isEnabled: z.boolean(),
  ...{ holdout: number, mostOpenCodes: number, mostDepth: number, grossMargin: number },
  rules: z.array(ruleSchema).max(100),
});

/** What the Offers page sends, or null for anything else. */
export async function readOffersForm(request: Request): Promise<OffersDraft | null> {
  const form = await readForm(request);
  const draft = form === null ? null : parseJson(form['offers'] ?? '');
  const read = draftSchema.safeParse(draft);
  return read.success ? read.data : null;
}

function parseJson(sent: string): unknown {
  try {
    return JSON.parse(sent);
  } catch {
    return null;
  }
}
