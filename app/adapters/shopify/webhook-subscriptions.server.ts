import { ShopifyRequestError, type AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { scrubText } from '#app/logging/describe-error.server.ts';
import { CreateWebhookSubscriptionDocument, WebhookSubscriptionsDocument } from '#app/generated/admin-api.ts';
import type { CreateWebhookSubscriptionMutationVariables, WebhookSubscriptionTopic } from '#app/generated/admin-api.ts';

export interface WantedSubscription {
  /** Shopify's name of it, `ORDERS_CREATE`. */
  topic: WebhookSubscriptionTopic;
  /** Absolute address. */
  uri: string;
  /** Null: the whole payload. */
  includeFields: readonly string[] | null;
}

export interface MadeSubscriptions {
  made: number;
  /** The topic of each that Shopify would not have, and why: `ORDERS_CREATE: …`. */
  refused: readonly string[];
}

const TAKEN = /already been taken/i;

/**
 * Sees to it that this shop has subscriptions of its own, beside those of shopify.app.toml, which are not to be listed
 * or deleted through the API. Safe to repeat and to do twice at once. One that is refused keeps none of the others away.
 */
export async function makeSubscriptions(admin: AdminApi, wanted: readonly WantedSubscription[]): Promise<MadeSubscriptions> {
  const { data } = await admin(WebhookSubscriptionsDocument, { topics: wanted.map(({ topic }) => topic) });
  const known = new Set(data.webhookSubscriptions.nodes.map(({ topic, uri }) => `${topic} ${uri}`));
  let made = 0;
  const refused: string[] = [];
  for (const { topic, uri, includeFields } of wanted) {
    if (known.has(`${topic} ${uri}`)) continue;
    const fields = includeFields === null ? {} : { includeFields: [...includeFields] };
    const problem = await create(admin, { topic, subscription: { uri, ...fields } });
    if (problem === null || TAKEN.test(problem)) made += 1;
    else refused.push(`${topic}: ${scrubText(problem)}`);
  }
  return { made, refused };
}

/** @returns why Shopify would not, or null */
async function create(admin: AdminApi, creation: CreateWebhookSubscriptionMutationVariables): Promise<string | null> {
  try {
    const { data } = await admin(CreateWebhookSubscriptionDocument, creation);
    if (!data.webhookSubscriptionCreate) return 'no answer';
    return data.webhookSubscriptionCreate.userErrors.map(({ message }) => message).join('; ') || null;
  } catch (error) {
    if (!(error instanceof ShopifyRequestError)) throw error;
    return error.message;
  }
}
