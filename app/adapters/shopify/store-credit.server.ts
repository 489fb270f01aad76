import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { gidOf } from '#app/adapters/shopify/gid.ts';
import { parseMinorUnits } from '#app/domain/money/parse-minor-units.ts';
import { decimalOfMinorUnits } from '#app/domain/money/decimal-of-minor-units.ts';
import type { MoneyAmount } from '#app/domain/loyalty/program/program.ts';
import type { Result } from '#app/domain/result.ts';
import { formatInstant } from '#app/domain/time/format-instant.ts';
import { CreditStoreCreditDocument, StoreCreditsOfDocument } from '#app/generated/admin-api.ts';
import type { CurrencyCode } from '#app/generated/admin-api.ts';

/**
 * Gives a customer store credit. Throws the three errors of the Admin API; after ShopifyUnavailableError the outcome is
 * unknown, and Shopify would give it again: `findStoreCredits` says what came of it.
 */
export async function creditStoreCredit(
  admin: AdminApi,
  { customerId, amount, expiresAtMs }: { customerId: bigint; amount: MoneyAmount; expiresAtMs: number | null },
): Promise<Result<{ transactionGid: string }, { reason: 'refused'; codes: string[] }>> {
  const creditAmount = {
    amount: decimalOfMinorUnits(amount.amountMinor, amount.currency),
    // Ours are those of ISO 4217, as Shopify's are.
    currencyCode: amount.currency as CurrencyCode,
  };
  const expiresAt = expiresAtMs === null ? null : formatInstant(expiresAtMs);
  const { data } = await admin(CreditStoreCreditDocument, { id: gidOf('Customer', customerId), credit: { creditAmount, expiresAt } });
  const userErrors = data.storeCreditAccountCredit?.userErrors ?? [];
  if (userErrors.length > 0) return { ok: false, reason: 'refused', codes: userErrors.map(({ code }) => code ?? 'UNKNOWN') };
  const transactionGid = data.storeCreditAccountCredit?.storeCreditAccountTransaction?.id;
  if (transactionGid === undefined) throw new ShopifyUnavailableError('Shopify says neither what it credited nor what is wrong');
  return { ok: true, value: { transactionGid } };
}

const MAX_PAGES = 20;

/** Credits of exactly this amount since an instant that no order brought, the newest first, by Shopify's ids. */
export async function findStoreCredits(
  admin: AdminApi,
  { customerId, amount, sinceMs }: { customerId: bigint; amount: MoneyAmount; sinceMs: number },
): Promise<string[]> {
  const found: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const transactions = await loadPage(admin, { customerId, currency: amount.currency, after });
    for (const { id, createdAt, event, amount: credited } of transactions.nodes) {
      if (Date.parse(createdAt) < sinceMs) return found;
      if (event === 'ADJUSTMENT' && isSame(credited, amount)) found.push(id);
    }
    if (transactions.after === null) return found;
    after = transactions.after;
  }
  throw new ShopifyUnavailableError('too many credits to look through');
}

interface Credit {
  readonly id: string;
  readonly createdAt: string;
  readonly event: string;
  readonly amount: { readonly amount: string; readonly currencyCode: string };
}

async function loadPage(
  admin: AdminApi,
  { customerId, currency, after }: { customerId: bigint; currency: string; after: string | null },
): Promise<{ nodes: Credit[]; after: string | null }> {
  const variables = { id: gidOf('Customer', customerId), query: 'type:credit', accountQuery: `currency_code:${currency}`, after };
  const { data, withheld } = await admin(StoreCreditsOfDocument, variables);
  if (withheld.length > 0) throw new ShopifyUnavailableError('store credit is withheld');
  const transactions = data.customer?.storeCreditAccounts.nodes[0]?.transactions;
  if (transactions === undefined) return { nodes: [], after: null };
  const { hasNextPage, endCursor } = transactions.pageInfo;
  const nodes: readonly object[] = transactions.nodes;
  return { nodes: nodes.filter(isCredit), after: hasNextPage ? endCursor : null };
}

/** A transaction of another kind has none of the fields that we ask for. */
function isCredit(node: object): node is Credit {
  return 'createdAt' in node;
}

function isSame(credited: { amount: string; currencyCode: string }, { amountMinor, currency }: MoneyAmount): boolean {
  if (credited.currencyCode !== currency) return false;
  const parsed = parseMinorUnits(credited.amount, currency);
  return parsed.ok && parsed.value === amountMinor;
}
