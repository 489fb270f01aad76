import { fromGid, toGid } from '../../global-id.ts';
import type { SimAutomaticDiscount } from '../../state.ts';
import { paginate } from '../page.ts';
import { listArg, notImitated, objectArg, resolversOf, textArg, Typed, type AdminContext, type Args, type ResolverMap } from '../resolver.ts';
import { userError, type DiscountUserError } from './discount-input.ts';

/** Shopify's own: of all apps and of the merchant together. */
const MOST_ACTIVE = 25;
const ROOT = 'freeShippingAutomaticDiscount';

export const automaticDiscountResolvers: ResolverMap = {
  DiscountAutomaticNode: resolversOf<SimAutomaticDiscount>({
    id: ({ id }) => toGid('DiscountAutomaticNode', id),
    automaticDiscount: (discount) => new Typed('DiscountAutomaticFreeShipping', discount),
  }),
  DiscountAutomaticFreeShipping: resolversOf<SimAutomaticDiscount>({
    status: (discount, _args, { platform }) => automaticStatus(discount, platform.now()),
    context: (discount) => new Typed('DiscountCustomerSegments', discount),
    discountClasses: () => ['SHIPPING'],
  }),
  DiscountCustomerSegments: resolversOf<SimAutomaticDiscount>({
    segments: ({ segmentIds }, _args, { store }) =>
      segmentIds.flatMap((id) => {
        const segment = store.segments.get(id);
        return segment === undefined || segment.isDeleted ? [] : [segment];
      }),
  }),
};

export const automaticDiscountQueries = resolversOf<unknown>({
  automaticDiscountNode: (_source, args, context) => findAutomatic(args, context) ?? null,
  automaticDiscountNodes: (_source, args, context) => {
    if (textArg(args, 'query') !== null) throw notImitated('A search for automatic discounts');
    const items = [...context.store.automaticDiscounts.values()].sort((left, right) => left.createdAt.localeCompare(right.createdAt) || left.id - right.id);
    return paginate({ items, idOf: ({ id }) => id, wrap: (discount) => discount }, args, context);
  },
});

export const automaticDiscountMutations = resolversOf<unknown>({
  discountAutomaticFreeShippingCreate: (_source, args, context) => {
    const nowText = context.platform.now().toISOString();
    const blank = { title: '', startsAt: '', endsAt: null, segmentIds: [], combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false } };
    return save({ ...blank, id: context.store.nextId(), createdAt: nowText, asyncUsageCount: 0 }, args, context);
  },
  discountAutomaticFreeShippingUpdate: (_source, args, context) => {
    const before = findAutomatic(args, context);
    return before === undefined ? { automaticDiscountNode: null, userErrors: [isGone()] } : save(before, args, context);
  },
  discountAutomaticDelete: (_source, args, context) => {
    const found = findAutomatic(args, context);
    if (found === undefined) return { deletedAutomaticDiscountId: null, userErrors: [isGone()] };
    context.store.save('automaticDiscount', { ...found, deletedAt: context.platform.now().toISOString() });
    return { deletedAutomaticDiscountId: toGid('DiscountAutomaticNode', found.id), userErrors: [] };
  },
});

function findAutomatic(args: Args, { store }: AdminContext): SimAutomaticDiscount | undefined {
  return store.automaticDiscounts.get(fromGid(textArg(args, 'id') ?? '', 'DiscountAutomaticNode') ?? NaN);
}

function isGone(): DiscountUserError {
  return userError(['id'], 'Automatic discount does not exist.', 'INVALID');
}

/** What the input leaves out stays as it was. */
function save(before: SimAutomaticDiscount, args: Args, context: AdminContext): unknown {
  const { store, platform } = context;
  const input = objectArg(args, ROOT) ?? {};
  const errors: DiscountUserError[] = [];
  const after = { ...before, ...termsOf(input, before), segmentIds: segmentsOf(input, before, { context, errors }) };
  if (after.title.trim() === '') errors.push(userError([ROOT, 'title'], "Title can't be blank", 'BLANK'));
  if (after.startsAt === '') errors.push(userError([ROOT, 'startsAt'], "Starts at can't be blank", 'BLANK'));
  if (after.endsAt !== null && after.endsAt <= after.startsAt) errors.push(userError([ROOT, 'endsAt'], 'Ends at needs to be after starts_at', 'INVALID'));
  if (after.combinesWith.shippingDiscounts) {
    const message = 'The combinesWith settings are not valid for the discount class.';
    errors.push(userError([ROOT, 'combinesWith'], message, 'INVALID_COMBINES_WITH_FOR_DISCOUNT_CLASS'));
  }
  const others = [...store.automaticDiscounts.values()].filter((one) => one.id !== after.id && automaticStatus(one, platform.now()) !== 'EXPIRED');
  if (others.length >= MOST_ACTIVE) errors.push(userError([ROOT], 'The active period overlaps with other automatic discounts.', 'ACTIVE_PERIOD_OVERLAP'));
  if (errors.length > 0) return { automaticDiscountNode: null, userErrors: errors };
  store.save('automaticDiscount', after);
  return { automaticDiscountNode: after, userErrors: [] };
}

function termsOf(input: Args, before: SimAutomaticDiscount): Partial<SimAutomaticDiscount> {
  const notOurs = ['minimumRequirement', 'maximumShippingPrice', 'recurringCycleLimit', 'appliesOnSubscription'].find((name) => input[name] !== undefined && input[name] !== null);
  if (notOurs !== undefined) throw notImitated(`${notOurs} of an automatic discount`);
  if (objectArg(objectArg(input, 'destination') ?? {}, 'countries')) throw notImitated('Free shipping to some countries');
  const { orderDiscounts, productDiscounts, shippingDiscounts } = { ...before.combinesWith, ...objectArg(input, 'combinesWith') };
  return {
    title: textArg(input, 'title') ?? before.title,
    startsAt: instantOf(input, 'startsAt') ?? before.startsAt,
    endsAt: 'endsAt' in input ? instantOf(input, 'endsAt') : before.endsAt,
    combinesWith: { orderDiscounts, productDiscounts, shippingDiscounts },
  };
}

function segmentsOf(input: Args, before: SimAutomaticDiscount, { context, errors }: { context: AdminContext; errors: DiscountUserError[] }): number[] {
  const buyers = objectArg(input, 'context');
  if (buyers === null && before.segmentIds.length > 0) return before.segmentIds;
  const chosen = objectArg(buyers ?? {}, 'customerSegments');
  if (chosen === null) throw notImitated('An automatic discount for others than segments');
  const ids = new Set(before.segmentIds);
  for (const gid of (listArg(chosen, 'remove') ?? []).map(String)) ids.delete(fromGid(gid, 'Segment') ?? NaN);
  for (const gid of (listArg(chosen, 'add') ?? []).map(String)) {
    const id = fromGid(gid, 'Segment');
    if (id === null || context.store.segments.get(id)?.isDeleted !== false) {
      errors.push(userError([ROOT, 'context', 'customerSegments', 'add'], `Customer segment with id: ${id ?? gid} is invalid`, 'INVALID'));
    } else ids.add(id);
  }
  return [...ids];
}

function instantOf(input: Args, name: string): string | null {
  const text = textArg(input, name);
  return text === null ? null : new Date(text).toISOString();
}

export function automaticStatus({ startsAt, endsAt }: SimAutomaticDiscount, now: Date): 'ACTIVE' | 'EXPIRED' | 'SCHEDULED' {
  const nowMs = now.getTime();
  if (endsAt !== null && Date.parse(endsAt) <= nowMs) return 'EXPIRED';
  return Date.parse(startsAt) > nowMs ? 'SCHEDULED' : 'ACTIVE';
}
