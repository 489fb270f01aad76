import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { gidOf } from '#app/adapters/shopify/gid.ts';
import { requireScope } from '#app/adapters/shopify/missing-scope.server.ts';
import type { WriteAnswer, WrittenOutcome } from '#app/adapters/shopify/written-outcome.ts';
import {
  DefineCustomerMetafieldDocument,
  DeleteCustomerMetafieldsDocument,
  DropCustomerMetafieldDocument,
  SetCustomerMetafieldsDocument,
} from '#app/generated/admin-api.ts';

/** Shopify's own bound on one call, which costs the same whatever it holds. */
export const MAX_METAFIELDS_A_CALL = 25;

/** Nobody else can write in it, so what is in there is ours. */
const OWN_NAMESPACE = '$app';

/** Makes the metafield known under a name, so that the merchant sees it and can filter by it. Once is enough, twice no harm. */
export async function defineCustomerMetafield(admin: AdminApi, { key, name }: { key: string; name: string }): Promise<void> {
  const { data, withheld } = await admin(DefineCustomerMetafieldDocument, {
    definition: {
      ...{ namespace: OWN_NAMESPACE, key, name, type: 'boolean', ownerType: 'CUSTOMER' },
      access: { admin: 'MERCHANT_READ' },
      capabilities: { adminFilterable: { enabled: true } },
    },
  });
  requireScope(withheld);
  const errors = requireAnswer(data.metafieldDefinitionCreate).userErrors.filter(({ code }) => code !== 'TAKEN');
  if (errors.length > 0) throw new MetafieldRefusedError(`Shopify refuses the metafield ${key}: ${errors.map(({ code }) => code ?? 'UNKNOWN').join(' ')}`);
}

/** Shopify will not have the metafield itself: too many of them, for one. */
export class MetafieldRefusedError extends Error {
  override name = 'MetafieldRefusedError';
}

/**
 * Sets the metafield of at most 25 customers to true, or takes it away. One who is gone would fail the others, so the rest
 * is asked again without them. Setting and taking away are the same when they are done twice.
 */
export async function changeMetafield(admin: AdminApi, action: 'add' | 'remove', key: string, customerIds: readonly bigint[]): Promise<WrittenOutcome> {
  if (action === 'remove') return dropMetafields(admin, OWN_NAMESPACE, customerIds.map((customerId) => ({ customerId, key })));
  const outcome = new Map<bigint, WriteAnswer>();
  for (let left = [...customerIds]; left.length > 0; ) {
    const metafields = left.map((id) => ({ namespace: OWN_NAMESPACE, key, ownerId: gidOf('Customer', id), type: 'boolean', value: 'true' }));
    const { data, withheld } = await admin(SetCustomerMetafieldsDocument, { metafields });
    requireScope(withheld);
    const { userErrors } = requireAnswer(data.metafieldsSet);
    if (userErrors.length === 0) {
      for (const id of left) outcome.set(id, 'done');
      return outcome;
    }
    const refused = new Set<bigint>();
    for (const { field } of userErrors) {
      const id = left[Number(field?.[1] ?? NaN)];
      if (id === undefined) throw new MetafieldRefusedError(`Shopify refuses the metafield ${key} of all`);
      outcome.set(id, field?.[2] === 'ownerId' ? 'gone' : 'refused');
      refused.add(id);
    }
    left = left.filter((id) => !refused.has(id));
  }
  return outcome;
}

export interface CustomerMetafield {
  readonly customerId: bigint;
  readonly key: string;
}

/**
 * Takes away at most 25 metafields of customers, and answers for each customer. What is not there, and of whom nobody is
 * there, is no error. One that Shopify keeps would keep all, so the rest is asked again without those of its customer.
 */
export async function dropMetafields(admin: AdminApi, namespace: string, entries: readonly CustomerMetafield[]): Promise<WrittenOutcome> {
  const outcome = new Map<bigint, WriteAnswer>();
  for (let left = [...entries]; left.length > 0; ) {
    const metafields = left.map(({ customerId, key }) => ({ namespace, key, ownerId: gidOf('Customer', customerId) }));
    const { data, withheld } = await admin(DeleteCustomerMetafieldsDocument, { metafields });
    requireScope(withheld);
    const { userErrors } = requireAnswer(data.metafieldsDelete);
    const answer = userErrors.length === 0 ? 'done' : 'refused';
    const kept = new Set(userErrors.map(({ field }) => left[Number(field?.[1] ?? NaN)]?.customerId));
    // An error that names none of them is of all.
    const isOfAll = answer === 'done' || kept.has(undefined);
    for (const { customerId } of left) if (isOfAll || kept.has(customerId)) outcome.set(customerId, answer);
    left = left.filter(({ customerId }) => !outcome.has(customerId));
  }
  return outcome;
}

/** The definition goes, and with it whatever value is left. One that is gone already is no error. */
export async function dropCustomerMetafield(admin: AdminApi, key: string): Promise<void> {
  const { data, withheld } = await admin(DropCustomerMetafieldDocument, { identifier: { namespace: OWN_NAMESPACE, key, ownerType: 'CUSTOMER' } });
  requireScope(withheld);
  const errors = requireAnswer(data.metafieldDefinitionDelete).userErrors.filter(({ code }) => code !== 'NOT_FOUND');
  if (errors.length > 0) throw new MetafieldRefusedError(`Shopify keeps the metafield ${key}: ${errors.map(({ code }) => code ?? 'UNKNOWN').join(' ')}`);
}

function requireAnswer<T>(payload: T | null): T {
  if (payload === null) throw new ShopifyUnavailableError('Shopify does not say what came of a metafield');
  return payload;
}
