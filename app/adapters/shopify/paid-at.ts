/** How money reaches a shop. A hold is none yet, and change over a counter is part of the sale that it follows. */
const PAYS: ReadonlySet<string> = new Set(['SALE', 'CAPTURE']);

interface Transaction<TInstant> {
  readonly kind: string;
  readonly status: string;
  readonly processedAt: TInstant | null;
}

/**
 * When the last of an order's money came: Shopify has no field for it, so it is the latest sale or capture that succeeded.
 * Of an order that is paid in full that is when it was; of one to which an edit added goods, when those were paid for.
 * Null while nothing came, for an order that cost nothing, and for one that another app brought along without payments.
 *
 * @param transactions their instants as dates, or all as Shopify writes them, in UTC and whole seconds
 */
export function paidAtOf<TInstant extends Date | string>(transactions: readonly Transaction<TInstant>[]): TInstant | null {
  let latest: TInstant | null = null;
  for (const { kind, status, processedAt } of transactions) {
    if (!PAYS.has(kind) || status !== 'SUCCESS' || processedAt === null) continue;
    if (latest === null || processedAt > latest) latest = processedAt;
  }
  return latest;
}
