import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { readUserErrors } from '#app/adapters/shopify/discounts.server.ts';
import { requireScope } from '#app/adapters/shopify/missing-scope.server.ts';
import { foundDiscountOf } from '#app/adapters/shopify/reward-discounts.server.ts';
import type { FoundDiscount } from '#app/adapters/shopify/reward-discounts.server.ts';
import { CodeDiscountOfIdDocument, DeleteCodeDiscountDocument } from '#app/generated/admin-api.ts';

/** Null when it is gone. Throws the three errors of the Admin API, here and below. */
export async function fetchCodeDiscount(admin: AdminApi, discountGid: string): Promise<FoundDiscount | null> {
  const { data, withheld } = await admin(CodeDiscountOfIdDocument, { id: discountGid });
  requireScope(withheld);
  return data.codeDiscountNode && foundDiscountOf(data.codeDiscountNode);
}

/**
 * With all its codes. One that is gone already is no error; after ShopifyUnavailableError it may be gone or not.
 *
 * @returns false when Shopify keeps it
 */
export async function deleteCodeDiscount(admin: AdminApi, discountGid: string): Promise<boolean> {
  const { data, withheld } = await admin(DeleteCodeDiscountDocument, { id: discountGid });
  requireScope(withheld);
  const payload = data.discountCodeDelete;
  if (payload === null) throw new ShopifyUnavailableError('Shopify does not say what came of a discount');
  return readUserErrors(payload.userErrors.filter(({ field }) => field?.includes('id') !== true)) === null;
}
