import { noteShopifyNotice, noteShopifyThrottled } from '#app/adapters/metrics/metrics.server.ts';
import type { AdminApiNotice } from '#app/adapters/shopify/admin-api.server.ts';
import { isKnownFinancialStatus } from '#app/domain/retention/metrics/order-value.ts';
import { log } from '#app/logging/log.server.ts';

// A detail is a version, an address or the name of a field; a hostile answer could make up many.
const MAX_SAID = 100;
const said = new Set<string>();

/** Counts each notice of the Admin API, and warns of one once in the life of a process. */
export function noteAdminApi(kind: AdminApiNotice, detail: string): void {
  if (kind === 'throttled') {
    noteShopifyThrottled();
    return;
  }
  noteAndSay(kind, detail);
}

/** The same of each order in a financial state that Shopify has newly made up: it counts for nothing and earns nothing. */
export function noteFinancialStates(orders: Iterable<{ readonly financialStatus: string | null }>): void {
  for (const { financialStatus } of orders) {
    if (financialStatus !== null && !isKnownFinancialStatus(financialStatus)) noteAndSay('unknown-financial-status', financialStatus);
  }
}

function noteAndSay(kind: string, detail: string): void {
  noteShopifyNotice(kind);
  // Positions in lists would make each of them another.
  const what = detail.replaceAll(/\.\d+(?=\.|$)/g, '').slice(0, 200);
  const key = `${kind} ${what}`;
  if (said.has(key) || said.size >= MAX_SAID) return;
  said.add(key);
  log.warn({ kind, detail: what }, 'the Admin API differs from what the app was made for');
}
