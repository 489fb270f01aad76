import type pg from 'pg';

import { withBriefConnection } from '#app/adapters/db/brief-connection.server.ts';
import { claimMembers } from '#app/adapters/db/loyalty/welcomes.repository.server.ts';
import { Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { log } from '#app/logging/log.server.ts';
import { followUp } from '#app/services/follow-ups.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export type ClaimContext = Pick<ShopContext, 'shop' | 'pool' | 'now' | 'wait' | 'sealedBox'>;

/** Nobody waits for it; those who look for the first time within it are written together. */
const GATHERED_MS = 100;
/** Each holds a connection, and waits at times for a shop's row, which a sync holds for its batches. */
const SHOPS_AT_ONCE = 2;

const seenByPool = new WeakMap<pg.Pool, SeenCustomers>();

/**
 * Notes that a customer was seen signed in, behind the answer to them. Lost with the process or the database, it is noted
 * by their next look.
 */
export function claimWhenSeen(context: ClaimContext, customerId: bigint): void {
  const seen = seenByPool.get(context.pool) ?? new SeenCustomers();
  seenByPool.set(context.pool, seen);
  seen.add(context, customerId);
}

interface ShopClaims {
  readonly context: ClaimContext;
  /** When each was seen first. */
  readonly since: Map<bigint, Date>;
}

/** By shop, one turn of a shop at a time: so nobody is claimed twice at once. */
class SeenCustomers {
  readonly #waiting = new Map<number, ShopClaims>();
  readonly #underWay = new Map<number, ReadonlySet<bigint>>();

  add(context: ClaimContext, customerId: bigint): void {
    const { shopId } = context.shop;
    if (this.#underWay.get(shopId)?.has(customerId) === true) return;
    const claims = this.#waiting.get(shopId) ?? { context, since: new Map<bigint, Date>() };
    this.#waiting.set(shopId, claims);
    if (!claims.since.has(customerId)) claims.since.set(customerId, context.now());
    this.#begin();
  }

  #begin(): void {
    for (const [shopId, { context }] of this.#waiting) {
      if (this.#underWay.size >= SHOPS_AT_ONCE) return;
      if (!this.#underWay.has(shopId)) followUp(this.#takeTurn(context));
    }
  }

  async #takeTurn({ wait, shop: { shopId } }: ClaimContext): Promise<void> {
    this.#underWay.set(shopId, new Set());
    try {
      await wait(GATHERED_MS);
      await this.#claimWaiting(shopId);
    } catch (error) {
      log.warn({ err: error, shopId }, 'Who was seen signed in could not be noted, and will be when they look again');
    }
    this.#underWay.delete(shopId);
    this.#begin();
  }

  async #claimWaiting(shopId: number): Promise<void> {
    const claims = this.#waiting.get(shopId);
    if (claims === undefined) return;
    this.#waiting.delete(shopId);
    this.#underWay.set(shopId, new Set(claims.since.keys()));
    await claimLiving(claims);
  }
}

/** Who was forgotten may be signed in still, and becomes no member again by that. */
async function claimLiving({ context: { shop, pool, sealedBox }, since }: ShopClaims): Promise<void> {
  await withBriefConnection(pool, shop, async (connection, askLast) => {
    const tombstones = await Tombstones.loadOn(connection, sealedBox, shop);
    const claims = [...since].flatMap(([customerId, at]) => (tombstones.buriesCustomer(customerId) ? [] : [{ customerId, since: at }]));
    askLast(() => [claimMembers(connection, shop, claims)]);
  });
}
