import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { BASIS_POINTS_IN_ONE, outcomeOfCreation, readUserErrors } from '#app/adapters/shopify/discounts.server.ts';
import type { DiscountRefusal } from '#app/adapters/shopify/discounts.server.ts';
import { gidOf } from '#app/adapters/shopify/gid.ts';
import type { DiscountGives, RewardDiscount } from '#app/domain/loyalty/redemption/plan-reward-discount.ts';
import { decimalOfMinorUnits } from '#app/domain/money/decimal-of-minor-units.ts';
import type { Result } from '#app/domain/result.ts';
import { formatInstant } from '#app/domain/time/format-instant.ts';
import {
  CreateCodeDiscountDocument,
  CreateFreeShippingDocument,
  DeactivateDiscountDocument,
  RewardDiscountByCodeDocument,
  VariantPriceDocument,
} from '#app/generated/admin-api.ts';
import type { DiscountCodeBasicInput, FoundDiscountFragment } from '#app/generated/admin-api.ts';

/** Every function here throws the three errors of the Admin API; after ShopifyUnavailableError the outcome is unknown. */
export async function createRewardDiscount(
  admin: AdminApi,
  discount: RewardDiscount,
): Promise<Result<{ discountGid: string }, DiscountRefusal>> {
  if (discount.gives.kind === 'free-shipping') return createFreeShipping(admin, discount);
  const customerGets = await customerGetsOf(admin, discount.gives);
  if (customerGets === null) return { ok: false, reason: 'refused', codes: ['PRODUCT_GONE'] };
  const { data } = await admin(CreateCodeDiscountDocument, { discount: { ...termsOf(discount), customerGets } });
  const made = data.discountCodeBasicCreate;
  return outcomeOfCreation(made?.codeDiscountNode?.id, made?.userErrors ?? []);
}

async function createFreeShipping(admin: AdminApi, discount: RewardDiscount): Promise<Result<{ discountGid: string }, DiscountRefusal>> {
  const { data } = await admin(CreateFreeShippingDocument, { discount: { ...termsOf(discount), destination: { all: true } } });
  const made = data.discountCodeFreeShippingCreate;
  return outcomeOfCreation(made?.codeDiscountNode?.id, made?.userErrors ?? []);
}

/** What discounts of all kinds have. */
function termsOf({ title, code, customerId, minimumSubtotal, combinesWith, startsAtMs, endsAtMs }: RewardDiscount) {
  return {
    title,
    code,
    startsAt: formatInstant(startsAtMs),
    endsAt: formatInstant(endsAtMs),
    context: { customers: { add: [gidOf('Customer', customerId)] } },
    minimumRequirement:
      minimumSubtotal === null
        ? null
        : { subtotal: { greaterThanOrEqualToSubtotal: decimalOfMinorUnits(minimumSubtotal.amountMinor, minimumSubtotal.currency) } },
    combinesWith: {
      orderDiscounts: combinesWith.order,
      productDiscounts: combinesWith.product,
      shippingDiscounts: combinesWith.shipping,
    },
    usageLimit: 1,
    appliesOncePerCustomer: true,
  };
}

/** Null when the product is gone. */
async function customerGetsOf(
  admin: AdminApi,
  gives: Exclude<DiscountGives, { kind: 'free-shipping' }>,
): Promise<NonNullable<DiscountCodeBasicInput['customerGets']> | null> {
  switch (gives.kind) {
    case 'amount': {
      const amount = decimalOfMinorUnits(gives.amount.amountMinor, gives.amount.currency);
      return { items: { all: true }, value: { discountAmount: { amount, appliesOnEachItem: false } } };
    }
    case 'percent':
      return { items: { all: true }, value: { percentage: gives.percentBasisPoints / BASIS_POINTS_IN_ONE } };
    case 'free-product': {
      const variantGid = gidOf('ProductVariant', BigInt(gives.variantId));
      const { data } = await admin(VariantPriceDocument, { id: variantGid });
      const amount = data.productVariant?.price;
      if (amount === undefined || Number(amount) <= 0) return null;
      return {
        items: { products: { productVariantsToAdd: [variantGid] } },
        value: { discountAmount: { amount, appliesOnEachItem: false } },
      };
    }
  }
}

/** A discount as Shopify has it now. */
export interface FoundDiscount {
  readonly discountGid: string;
  /** Null for a kind of discount that is none of ours. */
  readonly title: string | null;
  readonly isOver: boolean;
  readonly endsAtMs: number | null;
  /** Shopify counts with some delay. */
  readonly uses: number;
}

export async function findRewardDiscount(admin: AdminApi, code: string): Promise<FoundDiscount | null> {
  const { data } = await admin(RewardDiscountByCodeDocument, { code });
  return data.codeDiscountNodeByCode && foundDiscountOf(data.codeDiscountNodeByCode);
}

export function foundDiscountOf({ id: discountGid, codeDiscount }: FoundDiscountFragment): FoundDiscount {
  if (!('title' in codeDiscount)) return { discountGid, title: null, isOver: false, endsAtMs: null, uses: 0 };
  const { title, status, endsAt, asyncUsageCount } = codeDiscount;
  return { discountGid, title, isOver: status === 'EXPIRED', endsAtMs: endsAt === null ? null : Date.parse(endsAt), uses: asyncUsageCount };
}

/** Doing it twice is no harm. False when Shopify knows no such discount. */
export async function deactivateDiscount(admin: AdminApi, discountGid: string): Promise<boolean> {
  const { data } = await admin(DeactivateDiscountDocument, { id: discountGid });
  return readUserErrors(data.discountCodeDeactivate?.userErrors ?? []) === null;
}
