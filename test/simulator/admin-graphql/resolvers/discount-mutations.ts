import { fromGid, toGid } from '../../global-id.ts';
import type { CodeBatch, CodeBatchEntry } from '../../code-batches.ts';
import { discountStatus } from '../../discount-status.ts';
import type { SimCodeDiscount } from '../../state.ts';
import { paginate } from '../page.ts';
import {
  listArg,
  objectArg,
  resolversOf,
  textArg,
  type AdminContext,
  type Args,
  type ResolverMap,
} from '../resolver.ts';
import {
  codeErrors,
  readDiscountTerms,
  userError,
  type DiscountArgument,
  type DiscountTerms,
  type DiscountUserError,
} from './discount-input.ts';
import { GraphQLError } from 'graphql';

const maxCodesAtOnce = 250;

const newTerms: DiscountTerms = {
  title: '',
  startsAt: '',
  endsAt: null,
  usageLimit: null,
  appliesOncePerCustomer: false,
  percentage: null,
  amount: null,
  minimumSubtotal: null,
  customerIds: [],
  combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false },
};

export const discountMutations = resolversOf<unknown>({
  discountCodeBasicCreate: (_source, args, context) => createDiscount(args, context, 'basicCodeDiscount'),
  discountCodeFreeShippingCreate: (_source, args, context) => createDiscount(args, context, 'freeShippingCodeDiscount'),
  discountCodeBasicUpdate: (_source, args, context) => updateDiscount(args, context),
  discountCodeDeactivate: (_source, args, context) =>
    changeDiscount(args, context, (discount) => ({
      ...discount,
      // Deactivating what has already ended leaves its end alone.
      endsAt: discountStatus(discount, context.platform.now()) === 'EXPIRED' ? discount.endsAt : nowText(context),
      status: 'EXPIRED',
    })),
  discountCodeActivate: (_source, args, context) =>
    changeDiscount(args, context, (discount) => ({
      ...discount,
      startsAt: discount.startsAt > nowText(context) ? nowText(context) : discount.startsAt,
      endsAt: null,
      status: 'ACTIVE',
    })),
  discountCodeDelete: (_source, args, context) => deleteDiscount(args, context),
  discountRedeemCodeBulkAdd: (_source, args, context) => addCodes(args, context),
});

function nowText(context: AdminContext): string {
  return context.platform.now().toISOString();
}

function createDiscount(args: Args, context: AdminContext, root: DiscountArgument): unknown {
  const { store } = context;
  const input = objectArg(args, root) ?? {};
  const code = textArg(input, 'code');
  const { terms, errors } = readDiscountTerms(input, newTerms, { store, root });
  const problems = [...errors, ...codeErrors(code, [root, 'code'])];
  if (problems.length === 0 && code !== null && store.findCode(code)) problems.push(takenError());
  if (problems.length > 0 || code === null) return { codeDiscountNode: null, userErrors: problems };
  const discount: SimCodeDiscount = {
    ...terms,
    id: store.nextId(),
    createdAt: nowText(context),
    codes: [{ id: store.nextId(), code, asyncUsageCount: 0 }],
    status: 'ACTIVE',
  };
  return saved({ ...discount, status: discountStatus(discount, context.platform.now()) }, context);
}

function updateDiscount(args: Args, context: AdminContext): unknown {
  const { store } = context;
  const input = objectArg(args, 'basicCodeDiscount') ?? {};
  return changeDiscount(args, context, (before) => {
    const { terms, errors } = readDiscountTerms(input, before, { store, root: 'basicCodeDiscount' });
    const code = textArg(input, 'code');
    const first = before.codes[0];
    const owner = code === null ? undefined : store.findCode(code);
    const problems = [...errors];
    if (code !== null) problems.push(...codeErrors(code, ['basicCodeDiscount', 'code']));
    if (owner && owner.codeId !== first?.id) problems.push(takenError());
    if (problems.length > 0) return problems;
    const codes = code !== null && first ? [{ ...first, code }, ...before.codes.slice(1)] : before.codes;
    const discount = { ...before, ...terms, codes };
    return { ...discount, status: discountStatus(discount, context.platform.now()) };
  });
}

function takenError(): DiscountUserError {
  return userError(['basicCodeDiscount', 'code'], 'Code must be unique. Please try a different code.', 'TAKEN');
}

function changeDiscount(
  args: Args,
  context: AdminContext,
  change: (discount: SimCodeDiscount) => SimCodeDiscount | DiscountUserError[],
): unknown {
  const id = fromGid(textArg(args, 'id') ?? '', 'DiscountCodeNode');
  const before = id === null ? undefined : context.store.discounts.get(id);
  if (!before) {
    return { codeDiscountNode: null, userErrors: [userError(['id'], 'Code discount does not exist.', 'INVALID')] };
  }
  const after = change(before);
  return Array.isArray(after) ? { codeDiscountNode: null, userErrors: after } : saved(after, context);
}

/** Its codes are free for other discounts from then on. */
function deleteDiscount(args: Args, context: AdminContext): unknown {
  const gid = textArg(args, 'id') ?? '';
  const discount = context.store.discounts.get(fromGid(gid, 'DiscountCodeNode') ?? -1);
  if (!discount) return { deletedCodeDiscountId: null, userErrors: [userError(['id'], 'Code discount does not exist.', 'INVALID')] };
  context.store.save('discount', { ...discount, deletedAt: nowText(context) });
  return { deletedCodeDiscountId: gid, userErrors: [] };
}

function saved(discount: SimCodeDiscount, context: AdminContext): unknown {
  context.store.save('discount', discount);
  return { codeDiscountNode: discount, userErrors: [] };
}

function addCodes(args: Args, context: AdminContext): unknown {
  const codes = (listArg(args, 'codes') ?? []).map((entry) =>
    typeof entry === 'object' && entry !== null ? String(Reflect.get(entry, 'code')) : '',
  );
  if (codes.length > maxCodesAtOnce) {
    throw new GraphQLError(
      `The input array size of ${codes.length} is greater than the maximum allowed of ${maxCodesAtOnce}.`,
      { extensions: { code: 'MAX_INPUT_SIZE_EXCEEDED' } },
    );
  }
  const refuse = (field: string, message: string, code: string): unknown => ({
    bulkCreation: null,
    userErrors: [userError([field], message, code)],
  });
  const discountId = fromGid(textArg(args, 'discountId') ?? '', 'DiscountCodeNode');
  if (discountId === null || !context.store.discounts.has(discountId)) {
    return refuse('discountId', 'Code discount does not exist.', 'INVALID');
  }
  if (codes.length === 0) return refuse('codes', "Codes can't be blank", 'BLANK');
  return { bulkCreation: context.platform.codeBatches.start(context.store, discountId, codes), userErrors: [] };
}

const codeBatch = resolversOf<CodeBatch>({
  id: ({ id }) => toGid('DiscountRedeemCodeBulkCreation', id),
  codesCount: ({ entries }) => entries.length,
  importedCount: ({ entries }) => entries.filter((entry) => entry.codeId !== null).length,
  failedCount: ({ entries }) => entries.filter((entry) => entry.errors.length > 0).length,
  discountCode: ({ discountId }, _args, { store }) => store.discounts.get(discountId) ?? null,
  codes: ({ entries }, args, context) =>
    paginate(
      {
        items: entries.map((entry, position) => ({ entry, position })),
        idOf: ({ position }) => position,
        wrap: ({ entry }) => entry,
      },
      args,
      context,
    ),
});

export const codeBatchResolvers: ResolverMap = {
  DiscountRedeemCodeBulkCreation: codeBatch,
  DiscountRedeemCodeBulkCreationCode: resolversOf<CodeBatchEntry>({
    discountRedeemCode: ({ codeId, code }) => (codeId === null ? null : { id: codeId, code, asyncUsageCount: 0 }),
    errors: ({ errors }) => errors.map((message) => ({ field: ['code'], message, code: null, extraInfo: null })),
  }),
};

export const codeBatchQueries = resolversOf<unknown>({
  discountRedeemCodeBulkCreation: (_source, args, { platform }) =>
    platform.codeBatches.find(fromGid(textArg(args, 'id') ?? '', 'DiscountRedeemCodeBulkCreation')),
});
