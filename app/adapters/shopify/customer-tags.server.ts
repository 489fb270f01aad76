import { z } from 'zod';

import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { requireScope } from '#app/adapters/shopify/missing-scope.server.ts';
import type { WriteAnswer, WrittenOutcome } from '#app/adapters/shopify/written-outcome.ts';
import { gidOf } from '#app/adapters/shopify/gid.ts';
import { gidSchema } from '#app/adapters/shopify/record-schemas.ts';
import { AddTagToOneDocument, AddTagToTenDocument, CustomerTagsDocument, RemoveTagFromOneDocument, RemoveTagFromTenDocument } from '#app/generated/admin-api.ts';

/**
 * A customer costs ten points, alone or with others, so more of them save round trips and not points. Ten are what a
 * store of the smallest plan is given back in a second: a shopper's code never waits longer behind them.
 */
export const MAX_TAGGED_A_CALL = 10;

const taggedSchema = z.object({ id: gidSchema, tags: z.array(z.string()) });

/** The tags that customers have now, at most 250. Who is not in it is not in Shopify. */
export async function fetchCustomerTags(admin: AdminApi, customerIds: readonly bigint[]): Promise<ReadonlyMap<bigint, readonly string[]>> {
  const answer = await admin(CustomerTagsDocument, { ids: customerIds.map((id) => gidOf('Customer', id)) });
  requireScope(answer.withheld);
  const tags = new Map<bigint, readonly string[]>();
  for (const node of answer.data.nodes) {
    // Null is a customer who is gone; what is no customer has no fields.
    const read = taggedSchema.safeParse(node);
    if (read.success) tags.set(read.data.id, read.data.tags);
  }
  return tags;
}

/**
 * Gives a tag to at most ten customers, or takes it from them. Throws the errors of the Admin API; when the outcome is
 * unknown it may be asked again: to have a tag twice, or not to have one that is not there, is the same as once.
 */
export async function changeTag(admin: AdminApi, action: 'add' | 'remove', tag: string, customerIds: readonly bigint[]): Promise<WrittenOutcome> {
  const outcome = new Map<bigint, WriteAnswer>();
  const whole = customerIds.length === MAX_TAGGED_A_CALL;
  for (const ids of whole ? [customerIds] : customerIds.map((id) => [id])) {
    const answers = whole ? await changeTen(admin, action, tag, ids) : await changeOne(admin, action, tag, ids);
    for (const [index, id] of ids.entries()) outcome.set(id, readAnswer(answers[index]));
  }
  return outcome;
}

type Payload = { userErrors: readonly { field: string[] | null; message: string }[] } | null;

async function changeTen(admin: AdminApi, action: 'add' | 'remove', tag: string, ids: readonly bigint[]): Promise<Payload[]> {
  const [id0 = '', id1 = '', id2 = '', id3 = '', id4 = '', id5 = '', id6 = '', id7 = '', id8 = '', id9 = ''] = ids.map((id) => gidOf('Customer', id));
  const variables = { tags: [tag], id0, id1, id2, id3, id4, id5, id6, id7, id8, id9 };
  const { data, withheld } = action === 'add' ? await admin(AddTagToTenDocument, variables) : await admin(RemoveTagFromTenDocument, variables);
  requireScope(withheld);
  return [data.c0, data.c1, data.c2, data.c3, data.c4, data.c5, data.c6, data.c7, data.c8, data.c9];
}

async function changeOne(admin: AdminApi, action: 'add' | 'remove', tag: string, [id = 0n]: readonly bigint[]): Promise<Payload[]> {
  const variables = { tags: [tag], id0: gidOf('Customer', id) };
  const { data, withheld } = action === 'add' ? await admin(AddTagToOneDocument, variables) : await admin(RemoveTagFromOneDocument, variables);
  requireScope(withheld);
  return [data.c0];
}

/** Tags' errors have no codes: what they are about tells a customer who is gone from a tag that is refused. */
function readAnswer(payload: Payload | undefined): WriteAnswer {
  if (payload === null || payload === undefined) throw new ShopifyUnavailableError('Shopify does not say what came of a tag');
  const [error] = payload.userErrors;
  if (error === undefined) return 'done';
  return error.field?.includes('id') === true ? 'gone' : 'refused';
}
