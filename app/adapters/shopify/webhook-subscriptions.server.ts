import { ShopifyRequestError, type AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { scrubText } from '#app/describe-error.server.ts';
import { CreateWebhookSubscriptionDocument, WebhookSubscriptionsDocument } from '#app/generated/admin-api.ts';
import type { WebhookSubscriptionTopic } from '#app/generated/admin-api.ts';

export interface WantedSubscription {
  /** Shopify's name of it, `ORDERS_CREATE`. */
  topic: WebhookSubscriptionTopic;
  /** Absolute address. */
  uri: string;
  /** Null: the whole payload. */
  includeFields: readonly string[] | null;
}

const TAKEN = /already been taken/i;

/**
 * Sees to it that this shop has subscriptions of its own, beside those of shopify.app.toml, which are not to be listed
 * or deleted through the API. Safe to repeat and to do twice at once. Throws ShopifyRequestError when one is refused.
 * @returns how many were made
 */
export async function makeSubscriptions(admin: AdminApi, wanted: readonly WantedSubscription[]): Promise<number> {
  const { data } = await admin(WebhookSubscriptionsDocument, { topics: wanted.map(({ topic }) => topic) });
  const known = new Set(data.webhookSubscriptions.nodes.map(({ topic, uri }) => `${topic} ${uri}`));
  let made = 0;
  for (const { topic, uri, includeFields } of wanted) {
    if (known.has(`${topic} ${uri}`)) continue;
    const fields = includeFields === null ? {} : { includeFields: [...includeFields] };
    const answer = await admin(CreateWebhookSubscriptionDocument, { topic, subscription: { uri, ...fields } });
    const [problem] = answer.data.webhookSubscriptionCreate?.userErrors ?? [];
    if (problem && !TAKEN.test(problem.message)) throw new ShopifyRequestError(`${topic}: ${scrubText(problem.message)}`);
    made += 1;
  }
  return made;
}
