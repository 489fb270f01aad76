import { fromGid, toGid } from '../../global-id.ts';
import { shortDecimal } from '../../currency-amount.ts';
import { discountStatus } from '../../discount-status.ts';
import type { SimCodeDiscount, SimRedeemCode } from '../../state.ts';
import { paginate } from '../page.ts';
import { notImitated, resolversOf, textArg, Typed, type ResolverMap } from '../resolver.ts';
import { search } from '../visible-records.ts';

const node = resolversOf<SimCodeDiscount>({
  id: ({ id }) => toGid('DiscountCodeNode', id),
  codeDiscount: (discount) => new Typed(discount.isFreeShipping === true ? 'DiscountCodeFreeShipping' : 'DiscountCodeBasic', discount),
  metafield: () => null,
});

/** Of discounts of both kinds. */
const common = resolversOf<SimCodeDiscount>({
  status: (discount, _args, { platform }) => discountStatus(discount, platform.now()),
  asyncUsageCount: ({ codes }) => codes.reduce((sum, code) => sum + code.asyncUsageCount, 0),
  codes: (discount, args, context) =>
    paginate(
      {
        items: search(discount.codes, textArg(args, 'query'), readCodeField, context),
        idOf: ({ id }) => id,
        wrap: (code) => code,
      },
      args,
      context,
    ),
  codesCount: ({ codes }) => ({ count: codes.length, precision: 'EXACT' }),
  updatedAt: ({ createdAt }) => createdAt,
  discountClass: (discount) => classOf(discount),
  discountClasses: (discount) => [classOf(discount)],
  hasTimelineComment: () => false,
  recurringCycleLimit: () => null,
  tags: () => [],
  totalSales: () => null,
  shareableUrls: () => [],
  summary: (discount) => summaryOf(discount),
  shortSummary: (discount) => summaryOf(discount),
  context: (discount) =>
    discount.customerIds.length === 0
      ? new Typed('DiscountBuyerSelectionAll', { all: 'ALL' })
      : new Typed('DiscountCustomers', discount),
  customerSelection: (discount) =>
    discount.customerIds.length === 0
      ? new Typed('DiscountCustomerAll', { allCustomers: true })
      : new Typed('DiscountCustomers', discount),
  minimumRequirement: ({ minimumSubtotal }) =>
    minimumSubtotal === null
      ? null
      : new Typed('DiscountMinimumSubtotal', { greaterThanOrEqualToSubtotal: minimumSubtotal }),
});

const codeBasic = resolversOf<SimCodeDiscount>({
  ...common,
  customerGets: (discount) => {
    if ((discount.variantIds ?? []).length > 0) throw notImitated('DiscountProducts');
    return {
      appliesOnOneTimePurchase: true,
      appliesOnSubscription: false,
      items: new Typed('AllDiscountItems', { allItems: true }),
      value:
        discount.percentage !== null
          ? new Typed('DiscountPercentage', { percentage: discount.percentage })
          : new Typed('DiscountAmount', { amount: discount.amount, appliesOnEachItem: false }),
    };
  },
});

function classOf({ isFreeShipping, variantIds = [] }: SimCodeDiscount): string {
  if (isFreeShipping === true) return 'SHIPPING';
  return variantIds.length > 0 ? 'PRODUCT' : 'ORDER';
}

export const discountResolvers: ResolverMap = {
  DiscountCodeNode: node,
  DiscountCodeBasic: codeBasic,
  DiscountCodeFreeShipping: common,
  DiscountCustomers: resolversOf<SimCodeDiscount>({
    customers: ({ customerIds }, _args, { store }) =>
      customerIds.flatMap((id) => {
        const customer = store.customers.get(id);
        return customer ? [customer] : [];
      }),
  }),
  DiscountRedeemCode: resolversOf<SimRedeemCode>({
    id: ({ id }) => toGid('DiscountRedeemCode', id),
    createdBy: () => null,
  }),
};

export const discountQueries = resolversOf<unknown>({
  codeDiscountNode: (_source, args, { store }) => {
    const id = fromGid(textArg(args, 'id') ?? '', 'DiscountCodeNode');
    return id === null ? null : store.discounts.get(id) ?? null;
  },
  codeDiscountNodeByCode: (_source, args, { store }) => store.findCode(textArg(args, 'code') ?? '')?.discount ?? null,
  codeDiscountNodes: (_source, args, context) => {
    const all = [...context.store.discounts.values()].sort((left, right) => left.id - right.id);
    const items = search(all, textArg(args, 'query'), readDiscountField, context);
    return paginate({ items, idOf: ({ id }) => id, wrap: (discount) => discount }, args, context);
  },
});

function readCodeField(code: SimRedeemCode, field: string): (string | number)[] | undefined {
  if (field === 'default' || field === 'code') return [code.code];
  return field === 'id' ? [code.id] : undefined;
}

function readDiscountField(discount: SimCodeDiscount, field: string): (string | number)[] | undefined {
  switch (field) {
    case 'id':
      return [discount.id];
    case 'title':
    case 'default':
      return [discount.title];
    case 'code':
      return discount.codes.map(({ code }) => code);
    case 'status':
      return [discount.status];
    default:
      return undefined;
  }
}

function summaryOf(discount: SimCodeDiscount): string {
  if (discount.isFreeShipping === true) return 'Free shipping on one-time purchase products • For all countries';
  const value =
    discount.percentage !== null
      ? `${Number((discount.percentage * 100).toFixed(2))}% off`
      : `${discount.amount ? `${shortDecimal(discount.amount)} ${discount.amount.currency}` : ''} off`;
  const minimum = discount.minimumSubtotal
    ? ` • Minimum purchase of ${shortDecimal(discount.minimumSubtotal)} ${discount.minimumSubtotal.currency}`
    : '';
  return `${value} one-time purchase products${minimum}`;
}
