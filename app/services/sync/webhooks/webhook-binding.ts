import { isCompliance } from '#app/services/sync/webhooks/webhook-topics.ts';

/** Why a webhook is set aside: its signed body is of another shop or topic than its headers, which are not signed. */
export type Mismatch = 'other-shop' | 'other-topic';

// Where Shopify names the shop in a body. `domain` is not among them: there it is the merchant's own.
const SHOP_FIELDS = ['shop_domain', 'myshopify_domain'];

/** What the body of a topic has and those of the others that could be passed off as it have not. */
const SHAPES: Readonly<Record<string, { has: readonly string[]; lacks: readonly string[] }>> = {
  'customers/redact': { has: ['orders_to_redact'], lacks: [] },
  'customers/data_request': { has: ['orders_requested'], lacks: [] },
  'shop/redact': { has: [], lacks: ['customer'] },
};

/**
 * Holds the headers against the signed body. Bodies of orders and customers name ids alone: those are asked of the shop
 * that the header names, through that shop's own token, so nothing of another shop can come of them, and nothing is
 * deleted that Shopify still has. What the law asks for is done unasked, and an uninstall costs a new import when it is
 * none, so there the body has to name the shop.
 */
export function findMismatch(domain: string, topic: string, body: string): Mismatch | null {
  const fields = readFields(body);
  const named = SHOP_FIELDS.map((field) => fields[field]).filter((value) => value !== undefined && value !== null);
  if (named.some((value) => value !== domain)) return 'other-shop';
  if (namesShop(topic) && named.length === 0) return 'other-shop';
  const shape = SHAPES[topic];
  if (!shape) return null;
  const fits = shape.has.every((field) => field in fields) && !shape.lacks.some((field) => field in fields);
  return fits ? null : 'other-topic';
}

const namesShop = (topic: string): boolean => isCompliance(topic) || topic === 'app/uninstalled';

function readFields(body: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(body);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
