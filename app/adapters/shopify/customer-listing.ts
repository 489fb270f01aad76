import { bulkQueryOf } from '#app/adapters/shopify/bulk-query.ts';
import { CustomerListingDocument } from '#app/generated/admin-api.ts';

/** The bulk query that lists customers; `from` null asks for all of them. `withGroup`: as of the pull. */
export function customerListingQuery(from: Date | null, withGroup: boolean): string {
  const query = from === null ? '' : `updated_at:>='${from.toISOString()}'`;
  return bulkQueryOf(CustomerListingDocument.toString(), { query, withGroup: String(withGroup) });
}
