import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { gidOf } from '#app/adapters/shopify/gid.ts';
import type { DiscountPlan } from '#app/domain/offers/plan-discount.ts';
import { decimalOfMinorUnits } from '#app/domain/money/decimal-of-minor-units.ts';
import type { Result } from '#app/domain/result.ts';
import { formatInstant } from '#app/domain/time/format-instant.ts';
import {
  AddRedeemCodesDocument,
  CreateCodeDiscountDocument,
  DiscountByCodeDocument,
  RedeemCodeCreationDocument,
} from '#app/generated/admin-api.ts';
import type { DiscountCodeBasicInput } from '#app/generated/admin-api.ts';
import type { Runtime } from '#app/runtime.server.ts';

/** Shopify's own bound on one `discountRedeemCodeBulkAdd`. */
export const MAX_CODES_A_CALL = 250;

export const BASIS_POINTS_IN_ONE = 10_000;
// A buyer is waiting, and Shopify is mostly done within a second.
const BULK_POLLS_MS = [100, 200, 400, 800, 1000, 1500, 2000, 2000, 2000] as const;

/** Shopify's own words, `TAKEN` or `INVALID`, never its message: that may repeat what we sent. */
export type DiscountRefusal = { reason: 'taken' } | { reason: 'refused'; codes: string[] };

/** Every function here throws the three errors of the Admin API; after ShopifyUnavailableError the outcome is unknown. */
export async function createCodeDiscount(
  admin: AdminApi,
  plan: DiscountPlan,
  code: string,
): Promise<Result<{ discountGid: string }, DiscountRefusal>> {
  const { data } = await admin(CreateCodeDiscountDocument, { discount: discountInput(plan, code) });
  const refusal = readUserErrors(data.discountCodeBasicCreate?.userErrors ?? []);
  if (refusal) return { ok: false, ...refusal };
  const discountGid = data.discountCodeBasicCreate?.codeDiscountNode?.id;
  if (discountGid === undefined) throw new ShopifyUnavailableError('Shopify says neither what it made nor what is wrong');
  return { ok: true, value: { discountGid } };
}

function discountInput(plan: DiscountPlan, code: string): DiscountCodeBasicInput {
  const isPersonal = plan.customerId !== null;
  return {
    title: plan.title,
    code,
    startsAt: formatInstant(plan.startsAtMs),
    endsAt: formatInstant(plan.endsAtMs),
    context: plan.customerId === null ? { all: 'ALL' } : { customers: { add: [gidOf('Customer', plan.customerId)] } },
    customerGets: {
      items: { all: true },
      value: { percentage: plan.percentBasisPoints / BASIS_POINTS_IN_ONE },
    },
    minimumRequirement:
      plan.minimumSubtotalMinor === 0
        ? null
        : { subtotal: { greaterThanOrEqualToSubtotal: decimalOfMinorUnits(plan.minimumSubtotalMinor, plan.currency) } },
    combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false },
    // Counted for each code. Guests share a discount, and one person may have two of its codes.
    usageLimit: 1,
    appliesOncePerCustomer: isPersonal,
  };
}

/**
 * Adds codes to a discount that exists and waits until Shopify is through with them. Answers which of them exist now;
 * the others were refused for a reason of their own.
 */
export async function addRedeemCodes(
  admin: AdminApi,
  discountGid: string,
  codes: readonly string[],
  wait: Runtime['wait'],
): Promise<Result<ReadonlySet<string>, DiscountRefusal>> {
  const { data } = await admin(AddRedeemCodesDocument, { discountId: discountGid, codes: codes.map((code) => ({ code })) });
  const refusal = readUserErrors(data.discountRedeemCodeBulkAdd?.userErrors ?? []);
  if (refusal) return { ok: false, ...refusal };
  const id = data.discountRedeemCodeBulkAdd?.bulkCreation?.id;
  if (id === undefined) throw new ShopifyUnavailableError('Shopify does not say how to follow the codes that it adds');
  for (const pauseMs of BULK_POLLS_MS) {
    await wait(pauseMs);
    const { data: state } = await admin(RedeemCodeCreationDocument, { id, codeCount: codes.length });
    const creation = state.discountRedeemCodeBulkCreation;
    if (!creation?.done) continue;
    const existing = creation.codes.edges.filter(({ node }) => node.discountRedeemCode !== null);
    return { ok: true, value: new Set(existing.map(({ node }) => node.code)) };
  }
  throw new ShopifyUnavailableError('Shopify takes too long to add codes');
}

/** The discount that a code works for, or null. `title` is null for a kind of discount that is none of ours. */
export async function findDiscountByCode(
  admin: AdminApi,
  code: string,
): Promise<{ discountGid: string; title: string | null } | null> {
  const { data } = await admin(DiscountByCodeDocument, { code });
  const node = data.codeDiscountNodeByCode;
  if (node === null) return null;
  return { discountGid: node.id, title: 'title' in node.codeDiscount ? node.codeDiscount.title : null };
}

export function readUserErrors(userErrors: readonly { code: string | null }[]): DiscountRefusal | null {
  if (userErrors.length === 0) return null;
  const codes = userErrors.map(({ code }) => code ?? 'UNKNOWN');
  // Not a judgement on what we asked for, so it is tried again like any lost answer.
  if (codes.includes('INTERNAL_ERROR')) throw new ShopifyUnavailableError('Shopify reports an error of its own');
  return codes.every((code) => code === 'TAKEN') ? { reason: 'taken' } : { reason: 'refused', codes };
}
