import { fromGid, gidType } from '../../global-id.ts';
import type { SimCustomer } from '../../state.ts';
import { accessDenied } from '../access.ts';
import { listArg, notImitated, resolversOf, textArg, Typed, type AdminContext, type Args } from '../resolver.ts';
import { findCustomer } from '../visible-records.ts';

const MOST_TAGS = 250;
const LONGEST_TAG = 255;

export const tagMutations = resolversOf<unknown>({
  tagsAdd: (_source, args, context) =>
    changeTags('tagsAdd', args, context, (tags, given) => {
      const added = [...tags];
      // The first to come keeps its capitals.
      for (const tag of given) if (!added.some((known) => isSame(known, tag))) added.push(tag);
      return added;
    }),
  tagsRemove: (_source, args, context) =>
    changeTags('tagsRemove', args, context, (tags, given) => tags.filter((known) => !given.some((tag) => isSame(known, tag)))),
});

/** Live responses: capitals and runs of spaces make no other tag. */
function isSame(one: string, other: string): boolean {
  return identityOf(one) === identityOf(other);
}

function identityOf(tag: string): string {
  return tag.trim().replace(/\s+/g, ' ').toLowerCase();
}

function changeTags(
  field: string,
  args: Args,
  context: AdminContext,
  change: (tags: readonly string[], given: readonly string[]) => string[],
): unknown {
  const gid = textArg(args, 'id') ?? '';
  if (gidType(gid) !== 'Customer') throw notImitated(`${field} for ${gid}`);
  // The schema's table knows of no scope here, since it depends on what is tagged.
  requireWriteCustomers(field, context);
  const customer = findCustomer(fromGid(gid, 'Customer'), context.store);
  if (!customer) return refusal(['id'], 'Customer does not exist');
  const given = (listArg(args, 'tags') ?? []).flatMap((tag) => String(tag).split(',')).map((tag) => tag.trim()).filter((tag) => tag !== '');
  if (given.some((tag) => tag.length > LONGEST_TAG)) return refusal(['tags'], `Tags is too long (maximum is ${LONGEST_TAG} characters)`);
  const tags = change(customer.tags, given).sort((a, b) => (identityOf(a) < identityOf(b) ? -1 : 1));
  if (tags.length > MOST_TAGS) return refusal(['tags'], `Tags cannot be more than ${MOST_TAGS}`);
  return { node: new Typed('Customer', saved(customer, tags, context)), userErrors: [] };
}

function saved(customer: SimCustomer, tags: string[], { store, platform }: AdminContext): SimCustomer {
  if (tags.join(',') === customer.tags.toSorted((a, b) => (identityOf(a) < identityOf(b) ? -1 : 1)).join(',')) return customer;
  const changed = { ...customer, tags, updatedAt: platform.now().toISOString() };
  store.save('customer', changed);
  store.emit('customers/update', changed);
  return changed;
}

function refusal(field: string[], message: string): unknown {
  return { node: null, userErrors: [{ field, message }] };
}

export function requireWriteCustomers(field: string, { scopes }: AdminContext): void {
  if (!scopes.has('write_customers')) throw accessDenied(field, { scopes: ['write_customers'], text: '`write_customers` access scope.' });
}
