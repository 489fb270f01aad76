import { fromGid, toGid } from '../../global-id.ts';
import type { SimCustomer, SimSegment } from '../../state.ts';
import { connectionResolvers, paginate } from '../page.ts';
import type { Page } from '../page.ts';
import { badRequest, resolversOf, textArg, type AdminContext, type Args, type ResolverMap } from '../resolver.ts';
import { ordersOfCustomer, search } from '../visible-records.ts';

const MOST_SEGMENTS = 6000;
const LONGEST_NAME = 255;
/** The only ones of many that the app writes: a tag, or any of several. */
const ON_A_TAG = /customer_tags (NOT )?CONTAINS '((?:[^'\\]|\\.)*)'/;
const ON_TAGS = new RegExp(`^${ON_A_TAG.source}(?: OR ${ON_A_TAG.source})*$`);

/** One that merchants make by hand, and Shopify for every new store. */
const BY_ORDERS = /^number_of_orders (>=|>|<|=) (\d+)$/;

/** How many a segment has, kept beside a page of them. */
const totals = new WeakMap<Page, number>();

export const segmentResolvers: ResolverMap = {
  Segment: resolversOf<SimSegment>({ id: ({ id }) => toGid('Segment', id) }),
  CustomerSegmentMember: resolversOf<SimCustomer>({ id: ({ id }) => toGid('CustomerSegmentMember', id) }),
  CustomerSegmentMemberConnection: { ...connectionResolvers, ...resolversOf<Page>({ totalCount: (page) => totals.get(page) ?? 0 }) },
};

export const segmentQueries = resolversOf<unknown>({
  segment: (_source, args, context) => findSegment(textArg(args, 'id'), context) ?? null,
  customerSegmentMembers: (_source, args, context) => {
    const segment = findSegment(textArg(args, 'segmentId'), context);
    if (!segment) throw badRequest('Segment does not exist');
    const items = membersOf(segment, context);
    const page = paginate({ items, idOf: ({ id }) => id, wrap: (customer) => customer }, args, context);
    totals.set(page, items.length);
    return page;
  },
  segments: (_source, args, context) => {
    const found = search(present(context), textArg(args, 'query'), fieldsOf, context);
    return paginate({ items: found, idOf: ({ id }) => id, wrap: (segment) => segment }, args, context);
  },
});

export const segmentMutations = resolversOf<unknown>({
  segmentCreate: (_source, args, context) => createSegment(args, context),
  segmentUpdate: (_source, args, context) => updateSegment(args, context),
  segmentDelete: (_source, args, context) => {
    const gid = textArg(args, 'id') ?? '';
    const found = context.store.segments.get(fromGid(gid, 'Segment') ?? NaN);
    if (!found || found.isDeleted) return { deletedSegmentId: null, userErrors: [{ field: ['id'], message: 'Segment does not exist' }] };
    context.store.save('segment', { ...found, isDeleted: true });
    return { deletedSegmentId: gid, userErrors: [] };
  },
});

/** Whom a segment on tags has. */
export function isInSegment(customer: SimCustomer, { query }: Pick<SimSegment, 'query'>): boolean {
  return [...query.matchAll(new RegExp(ON_A_TAG, 'g'))].some(([, not, tag = '']) => {
    const has = customer.tags.some((known) => known.toLowerCase() === tag.replace(/\\(.)/g, '$1').toLowerCase());
    return not === undefined ? has : !has;
  });
}

function findSegment(gid: string | null, { store }: AdminContext): SimSegment | undefined {
  const found = store.segments.get(fromGid(gid ?? '', 'Segment') ?? NaN);
  return found?.isDeleted === true ? undefined : found;
}

/** Who is in it now, by the order of their numbers. */
export function membersOf(segment: SimSegment, context: AdminContext): SimCustomer[] {
  const [, comparison = '', limit = ''] = BY_ORDERS.exec(segment.query) ?? [];
  const isMember = (customer: SimCustomer): boolean =>
    comparison === '' ? isInSegment(customer, segment) : compare(ordersOfCustomer(customer, context).length, comparison, Number(limit));
  const living = [...context.store.customers.values()].filter((customer) => customer.deletedAt === null && customer.mergedIntoId === null);
  return living.filter(isMember).sort((a, b) => a.id - b.id);
}

function compare(value: number, comparison: string, limit: number): boolean {
  if (comparison === '>') return value > limit;
  if (comparison === '<') return value < limit;
  return comparison === '>=' ? value >= limit : value === limit;
}

function present({ store }: AdminContext): SimSegment[] {
  // By their age, as they are asked for here and there.
  return [...store.segments.values()].filter(({ isDeleted }) => !isDeleted).sort((a, b) => a.creationDate.localeCompare(b.creationDate) || a.id - b.id);
}

function fieldsOf({ id, name }: SimSegment, field: string): (string | number)[] | undefined {
  if (field === 'id') return [id];
  return field === 'name' || field === 'default' ? [name] : undefined;
}

function createSegment(args: Args, context: AdminContext): unknown {
  const [name, query] = [(textArg(args, 'name') ?? '').trim(), textArg(args, 'query') ?? ''];
  const refuse = (field: string | null, message: string): unknown => ({ segment: null, userErrors: [{ field: field === null ? null : [field], message }] });
  if (name === '') return refuse('name', "Name can't be blank");
  if (name.length > LONGEST_NAME) return refuse('name', `Name is too long (maximum is ${LONGEST_NAME} characters)`);
  if (!ON_TAGS.test(query)) return refuse('query', `Query '${query}' is not imitated by the local Shopify.`);
  const known = present(context);
  if (known.length >= MOST_SEGMENTS) return refuse(null, 'Segment limit reached. Delete an existing segment to create more.');
  const nowText = context.platform.now().toISOString();
  const segment = { id: context.store.nextId(), name: freeName(name, known), query, creationDate: nowText, lastEditDate: nowText, isDeleted: false };
  context.store.save('segment', segment);
  return { segment, userErrors: [] };
}

function updateSegment(args: Args, context: AdminContext): unknown {
  const refuse = (field: string, message: string): unknown => ({ segment: null, userErrors: [{ field: [field], message }] });
  const found = findSegment(textArg(args, 'id'), context);
  if (!found) return refuse('id', 'Segment does not exist');
  const query = textArg(args, 'query') ?? found.query;
  if (!ON_TAGS.test(query)) return refuse('query', `Query '${query}' is not imitated by the local Shopify.`);
  const segment = { ...found, query, name: textArg(args, 'name') ?? found.name, lastEditDate: context.platform.now().toISOString() };
  context.store.save('segment', segment);
  return { segment, userErrors: [] };
}

/** A name that is taken is no error: live responses count it up, `VIP` to `VIP (2)`, `VIP (1)` to `VIP (2)`. */
function freeName(name: string, known: readonly SimSegment[]): string {
  const taken = new Set(known.map((segment) => segment.name));
  if (!taken.has(name)) return name;
  const [, base = name, number = '1'] = /^(.*) \((\d+)\)$/.exec(name) ?? [];
  for (let next = Number(number) + 1; ; next += 1) if (!taken.has(`${base} (${next})`)) return `${base} (${next})`;
}
