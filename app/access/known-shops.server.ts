import { findShop } from '#app/adapters/db/shop-registry.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { prisma } from '#app/db.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';

/** So short that whoever comes back after a redaction, under another number, is found at once. */
const KEPT_MS = 5_000;
const MOST_KEPT = 5_000;
const kept = new Map<string, { shop: ShopRef; untilMs: number }>();

/**
 * As `findShop`, for callers that come by the hundred for one shop: the number of a shop stays while it is here, and
 * whether it is installed is asked anew by whoever it matters to.
 */
export async function findKnownShop(domain: string): Promise<ShopRef | null> {
  const nowMs = systemRuntime.monotonicMs();
  const known = kept.get(domain);
  if (known !== undefined && nowMs < known.untilMs) return known.shop;
  kept.delete(domain);
  const shop = await findShop(prisma, domain);
  if (shop === null) return null;
  const [oldest] = kept.keys();
  if (oldest !== undefined && kept.size >= MOST_KEPT) kept.delete(oldest);
  kept.set(domain, { shop, untilMs: nowMs + KEPT_MS });
  return shop;
}
