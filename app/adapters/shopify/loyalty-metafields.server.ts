import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { dropMetafields, MAX_METAFIELDS_A_CALL, MetafieldRefusedError } from '#app/adapters/shopify/customer-metafields.server.ts';
import { gidOf } from '#app/adapters/shopify/gid.ts';
import { requireScope } from '#app/adapters/shopify/missing-scope.server.ts';
import type { WriteAnswer, WrittenOutcome } from '#app/adapters/shopify/written-outcome.ts';
import type { MetafieldDefinitionInput } from '#app/generated/admin-api.ts';
import { DefineCustomerMetafieldDocument, SetCustomerMetafieldsDocument } from '#app/generated/admin-api.ts';

/** The app's own: nobody else can write in it. Themes read it as `app--<number of the app>--loyalty`. */
export const LOYALTY_NAMESPACE = '$app:loyalty';

export interface LoyaltyField {
  readonly key: string;
  readonly type: string;
  readonly name: string;
  /** Whether the merchant's lists of customers can go by it. */
  readonly isFilter: boolean;
}

/**
 * Makes the metafields known, so that the merchant sees them and storefronts and customer accounts may read them. One that
 * is known already stays as it is. Shops have a limited number of filters: where none is left the field comes without.
 */
export async function defineLoyaltyMetafields(admin: AdminApi, fields: readonly LoyaltyField[]): Promise<void> {
  for (const field of fields) {
    const codes = await define(admin, field, field.isFilter);
    const hasNoFilterLeft = codes.includes('OWNER_TYPE_LIMIT_EXCEEDED_FOR_USE_AS_ADMIN_FILTERS');
    const left = hasNoFilterLeft ? await define(admin, field, false) : codes;
    const [code] = left.filter((one) => one !== 'TAKEN');
    if (code !== undefined) throw new MetafieldRefusedError(`Shopify refuses the metafield ${field.key}: ${code}`);
  }
}

async function define(admin: AdminApi, { key, type, name }: LoyaltyField, isFilter: boolean): Promise<string[]> {
  const definition: MetafieldDefinitionInput = {
    ...{ namespace: LOYALTY_NAMESPACE, key, name, type, ownerType: 'CUSTOMER' },
    access: { admin: 'MERCHANT_READ', storefront: 'PUBLIC_READ', customerAccount: 'READ' },
    ...(isFilter ? { capabilities: { adminFilterable: { enabled: true } } } : {}),
  };
  const { data, withheld } = await admin(DefineCustomerMetafieldDocument, { definition });
  requireScope(withheld);
  return requireAnswer(data.metafieldDefinitionCreate).userErrors.map(({ code }) => code ?? 'UNKNOWN');
}

export interface CustomerValues {
  readonly customerId: bigint;
  readonly set: readonly { readonly key: string; readonly type: string; readonly value: string }[];
  readonly drop: readonly string[];
}

/**
 * Sets and takes away metafields of customers, several of them in a call, none of them in two. One who is gone, or whose
 * value is refused, would fail the others of the call, so the rest is asked again without them. Throws the errors of the
 * Admin API; what is done twice is as done once.
 */
export async function writeLoyaltyMetafields(admin: AdminApi, customers: readonly CustomerValues[]): Promise<WrittenOutcome> {
  const outcome = new Map<bigint, WriteAnswer>();
  for (const group of inCalls(customers, ({ set }) => set.length)) await setGroup(admin, group, outcome);
  const dropping = customers.filter(({ customerId }) => (outcome.get(customerId) ?? 'done') === 'done');
  for (const group of inCalls(dropping, ({ drop }) => drop.length)) {
    const entries = group.flatMap(({ customerId, drop }) => drop.map((key) => ({ customerId, key })));
    for (const [customerId, answer] of await dropMetafields(admin, LOYALTY_NAMESPACE, entries)) outcome.set(customerId, answer);
  }
  return outcome;
}

/** Those with something to be done, as many together as a call takes. */
function inCalls(customers: readonly CustomerValues[], sizeOf: (one: CustomerValues) => number): CustomerValues[][] {
  const groups: CustomerValues[][] = [];
  let room = 0;
  for (const one of customers) {
    const size = sizeOf(one);
    if (size === 0) continue;
    if (size > room) {
      groups.push([]);
      room = MAX_METAFIELDS_A_CALL;
    }
    groups.at(-1)?.push(one);
    room -= size;
  }
  return groups;
}

async function setGroup(admin: AdminApi, group: readonly CustomerValues[], outcome: Map<bigint, WriteAnswer>): Promise<void> {
  for (let left = [...group]; left.length > 0; ) {
    const entries = left.flatMap(({ customerId, set }) => set.map((one) => ({ customerId, ...one })));
    const metafields = entries.map(({ customerId, key, type, value }) => ({ namespace: LOYALTY_NAMESPACE, key, type, value, ownerId: gidOf('Customer', customerId) }));
    const { data, withheld } = await admin(SetCustomerMetafieldsDocument, { metafields });
    requireScope(withheld);
    const { userErrors } = requireAnswer(data.metafieldsSet);
    if (userErrors.length === 0) {
      for (const { customerId } of left) outcome.set(customerId, 'done');
      return;
    }
    const refused = new Set<bigint>();
    for (const { field } of userErrors) {
      const entry = entries[Number(field?.[1] ?? NaN)];
      if (entry === undefined) throw new MetafieldRefusedError('Shopify refuses the metafields of all');
      if (outcome.get(entry.customerId) !== 'gone') outcome.set(entry.customerId, field?.[2] === 'ownerId' ? 'gone' : 'refused');
      refused.add(entry.customerId);
    }
    left = left.filter(({ customerId }) => !refused.has(customerId));
  }
}

function requireAnswer<T>(payload: T | null): T {
  if (payload === null) throw new ShopifyUnavailableError('Shopify does not say what came of a metafield');
  return payload;
}
