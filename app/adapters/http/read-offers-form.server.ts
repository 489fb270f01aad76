import { z } from 'zod';

import { jsonText } from '#app/adapters/http/json-text.ts';
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
  // As long as all of the places that a rule can name. A page of before there were provinces sends none.
  provinces: z.string().max(3000).default(''),
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

const formSchema = z.object({ offers: jsonText.pipe(draftSchema) });

/** What the Offers page sends, or null for anything else. */
export async function readOffersForm(request: Request): Promise<OffersDraft | null> {
  return (await readForm(request, formSchema))?.offers ?? null;
}
