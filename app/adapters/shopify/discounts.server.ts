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
  CreateFreeShippingDocument,
  DiscountByCodeDocument,
  RedeemCodeCreationDocument,
  RedeemCodesOfDocument,
} from '#app/generated/admin-api.ts';
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
  const { grant } = plan;
  if (grant.kind === 'free-shipping') {
    const { data } = await admin(CreateFreeShippingDocument, { discount: { ...termsOf(plan, code), destination: { all: true } } });
    const made = data.discountCodeFreeShippingCreate;
    return outcomeOfCreation(made?.codeDiscountNode?.id, made?.userErrors ?? []);
  }
  const value =
    grant.kind === 'percent'
      ? { percentage: grant.basisPoints / BASIS_POINTS_IN_ONE }
      : { discountAmount: { amount: decimalOfMinorUnits(grant.amountMinor, plan.currency), appliesOnEachItem: false } };
  const discount = { ...termsOf(plan, code), customerGets: { items: { all: true }, value } };
  const { data } = await admin(CreateCodeDiscountDocument, { discount });
  const made = data.discountCodeBasicCreate;
  return outcomeOfCreation(made?.codeDiscountNode?.id, made?.userErrors ?? []);
}

export function outcomeOfCreation(
  discountGid: string | undefined,
  userErrors: readonly { code: string | null }[],
): Result<{ discountGid: string }, DiscountRefusal> {
  const refusal = readUserErrors(userErrors);
  if (refusal) return { ok: false, ...refusal };
  if (discountGid === undefined) throw new ShopifyUnavailableError('Shopify says neither what it made nor what is wrong');
  return { ok: true, value: { discountGid } };
}

/** What discounts of all kinds have. */
function termsOf(plan: DiscountPlan, code: string) {
  return {
    title: plan.title,
    code,
    startsAt: formatInstant(plan.startsAtMs),
    endsAt: formatInstant(plan.endsAtMs),
    context: plan.customerId === null ? { all: 'ALL' as const } : { customers: { add: [gidOf('Customer', plan.customerId)] } },
    minimumRequirement:
      plan.minimumSubtotalMinor === 0
        ? null
        : { subtotal: { greaterThanOrEqualToSubtotal: decimalOfMinorUnits(plan.minimumSubtotalMinor, plan.currency) } },
    combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false },
    // Counted for each code. One person may have two codes of a discount.
    usageLimit: 1,
    appliesOncePerCustomer: plan.customerId !== null,
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

/** Twice as many codes as are ever on their way to one discount: what was sent stands among the newest or not at all. */
const MAX_PAGES_OF_CODES = 40;

/** Which of these codes a discount has by now, the newest looked at first; null when there is no such discount. */
export async function findRedeemCodes(
  admin: AdminApi,
  discountGid: string,
  codes: readonly string[],
): Promise<ReadonlySet<string> | null> {
  const wanted = new Set(codes);
  const found = new Set<string>();
  let after: string | null = null;
  for (let page = 0; page < MAX_PAGES_OF_CODES; page += 1) {
    const loaded = await loadPageOfCodes(admin, discountGid, after);
    if (loaded === null) return null;
    for (const code of loaded.codes) if (wanted.has(code)) found.add(code);
    if (loaded.after === null || found.size === wanted.size) return found;
    after = loaded.after;
  }
  return found;
}

async function loadPageOfCodes(
  admin: AdminApi,
  discountGid: string,
  after: string | null,
): Promise<{ codes: string[]; after: string | null } | null> {
  const { data } = await admin(RedeemCodesOfDocument, { id: discountGid, after });
  if (data.codeDiscountNode === null) return null;
  const { codeDiscount } = data.codeDiscountNode;
  if (!('codes' in codeDiscount)) return { codes: [], after: null };
  const { nodes, pageInfo } = codeDiscount.codes;
  return { codes: nodes.map(({ code }) => code), after: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

/** A discount as Shopify has it now. */
export interface CodeDiscountFound {
  discountGid: string;
  /** Null for a kind of discount that is none of ours. */
  title: string | null;
  /** Its end has come, or the merchant has ended it. */
  isOver: boolean;
}

/** The discount that a code works for, or null. */
export async function findDiscountByCode(admin: AdminApi, code: string): Promise<CodeDiscountFound | null> {
  const { data } = await admin(DiscountByCodeDocument, { code });
  const node = data.codeDiscountNodeByCode;
  if (node === null) return null;
  const { id: discountGid, codeDiscount } = node;
  if (!('title' in codeDiscount)) return { discountGid, title: null, isOver: false };
  return { discountGid, title: codeDiscount.title, isOver: codeDiscount.status === 'EXPIRED' };
}

export function readUserErrors(userErrors: readonly { code: string | null }[]): DiscountRefusal | null {
  if (userErrors.length === 0) return null;
  const codes = userErrors.map(({ code }) => code ?? 'UNKNOWN');
  // Not a judgement on what we asked for, so it is tried again like any lost answer.
  if (codes.includes('INTERNAL_ERROR')) throw new ShopifyUnavailableError('Shopify reports an error of its own');
  return codes.every((code) => code === 'TAKEN') ? { reason: 'taken' } : { reason: 'refused', codes };
}
