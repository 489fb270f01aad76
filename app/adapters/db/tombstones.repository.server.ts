import type pg from 'pg';

import type { SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import { holdShop } from '#app/adapters/db/hold-shop.server.ts';
import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

/**
 * `customer`: redacted, so the orders go under a pseudonym. `deleted-customer`: deleted or merged away, so the record
 * stays away. `order`: deleted. `redacted-order`: kept without what names a person.
 */
export const TOMBSTONE_KINDS = ['customer', 'deleted-customer', 'order', 'redacted-order'] as const;
export type TombstoneKind = (typeof TOMBSTONE_KINDS)[number];

/** Knows by hash which customers and orders must not come back as they were, and who was merged into whom. */
export class Tombstones {
  readonly #hashes: ReadonlySet<string>;
  readonly #keptIds: ReadonlyMap<string, bigint>;
  readonly #box: SealedBox;
  readonly #shop: ShopRef;

  private constructor(
    hashes: ReadonlySet<string>,
    keptIds: ReadonlyMap<string, bigint>,
    box: SealedBox,
    shop: ShopRef,
  ) {
    this.#hashes = hashes;
    this.#keptIds = keptIds;
    this.#box = box;
    this.#shop = shop;
  }

  /**
   * For a transaction that writes by them: first in it, unless it has changed the shop's row already. Whoever raises a
   * tombstone changes that row first, and it is held here, so that none is raised between this and the commit.
   */
  static async loadOn(connection: pg.PoolClient, box: SealedBox, shop: ShopRef): Promise<Tombstones> {
    await holdShop(connection, shop);
    return Tombstones.glanceOn(connection, box, shop);
  }

  /** For who writes nothing by them, or looks again before: the next may be raised at any moment. Holds nothing up. */
  static async glanceOn(connection: Pick<pg.ClientBase, 'query'>, box: SealedBox, shop: ShopRef): Promise<Tombstones> {
    const raised = await connection.query<{ kind: string; id_hash: Buffer }>(
      'SELECT kind, id_hash FROM tombstones WHERE shop_id = $1',
      [shop.shopId],
    );
    const merged = await connection.query<{ removed_hash: Buffer; kept_customer_id: string }>(
      'SELECT removed_hash, kept_customer_id FROM customer_merges WHERE shop_id = $1',
      [shop.shopId],
    );
    return new Tombstones(
      new Set(raised.rows.map((row) => entry(row.kind, row.id_hash))),
      new Map(merged.rows.map((row) => [entry(MERGED, row.removed_hash), BigInt(row.kept_customer_id)])),
      box,
      shop,
    );
  }

  get isEmpty(): boolean {
    return this.#hashes.size === 0 && this.#keptIds.size === 0;
  }

  has(kind: TombstoneKind, id: bigint): boolean {
    return this.#hashes.size > 0 && this.#hashes.has(entry(kind, hashId(this.#box, this.#shop, kind, id)));
  }

  /** Whether no record of this customer may be kept. */
  buriesCustomer(customerId: bigint): boolean {
    return this.has('customer', customerId) || this.has('deleted-customer', customerId);
  }

  /** The customer whom this one was merged into, else the same; a pseudonym when that one was redacted since. */
  ownerAfterMerges(customerId: bigint): bigint {
    if (this.#keptIds.size === 0) return customerId;
    return this.#keptIds.get(entry(MERGED, hashId(this.#box, this.#shop, MERGED, customerId))) ?? customerId;
  }
}

/** As `buriesCustomer`, of one customer and for telling alone: whoever writes by it loads `Tombstones` with the row held. */
export async function isBuried(connection: pg.PoolClient, box: SealedBox, shop: ShopRef, customerId: bigint): Promise<boolean> {
  const { rows } = await connection.query({
    name: 'is-buried',
    text: "SELECT FROM tombstones WHERE shop_id = $1 AND ((kind = 'customer' AND id_hash = $2) OR (kind = 'deleted-customer' AND id_hash = $3)) LIMIT 1",
    values: [shop.shopId, hashId(box, shop, 'customer', customerId), hashId(box, shop, 'deleted-customer', customerId)],
  });
  return rows.length > 0;
}

/** Changes the shop's row first, or is called after that was done: see `Tombstones.loadOn`. */
export async function raiseTombstones(
  db: TenantDb,
  box: SealedBox,
  shop: ShopRef,
  kind: TombstoneKind,
  ids: readonly bigint[],
): Promise<void> {
  const rows = ids.map((id) => ({ shopId: shop.shopId, kind, idHash: hashId(box, shop, kind, id) }));
  await db.tombstone.createMany({ data: rows, skipDuplicates: true });
}

/** The same for one, on a bare connection. */
export async function raiseTombstoneOn(
  connection: pg.PoolClient,
  box: SealedBox,
  shop: ShopRef,
  kind: TombstoneKind,
  id: bigint,
): Promise<void> {
  await connection.query(
    'INSERT INTO tombstones (shop_id, kind, id_hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [shop.shopId, kind, hashId(box, shop, kind, id)],
  );
}

/**
 * Keeps who was merged into whom, with every chain led to its end, whichever of its merges is told first.
 * @returns the customer at the end of the chain; a pseudonym, which is negative, when that one was redacted
 */
export async function recordMerge(
  connection: pg.PoolClient,
  box: SealedBox,
  shop: ShopRef,
  { removedId, keptId, mergedAt }: { removedId: bigint; keptId: bigint; mergedAt: Date },
): Promise<bigint> {
  const tombstones = await Tombstones.loadOn(connection, box, shop);
  const kept = tombstones.ownerAfterMerges(keptId);
  // Whoever stayed may have been redacted before we heard of the merge, and is the same person.
  const owner = tombstones.has('customer', kept) ? pseudonymOf(box, shop, kept) : kept;
  await connection.query(
    'UPDATE customer_merges SET kept_customer_id = $3 WHERE shop_id = $1 AND kept_customer_id = $2',
    [shop.shopId, String(removedId), String(owner)],
  );
  await connection.query(
    `INSERT INTO customer_merges (shop_id, removed_hash, kept_customer_id, merged_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING`,
    [shop.shopId, hashId(box, shop, MERGED, removedId), String(owner), mergedAt],
  );
  await moveAnswers(connection, box, shop, { removedId, owner });
  return owner;
}

/** What was collected for the customer that went is found under the one that stayed, whose redaction then reaches it. */
async function moveAnswers(
  connection: pg.PoolClient,
  box: SealedBox,
  shop: ShopRef,
  { removedId, owner }: { removedId: bigint; owner: bigint },
): Promise<void> {
  const from = [shop.shopId, customerHashOf(box, shop, removedId)];
  const isOfNobody = owner < 0n;
  await connection.query(
    isOfNobody
      ? `UPDATE privacy_requests SET customer_hash = NULL, answer_sealed = NULL, outcome = 'redacted'
         WHERE shop_id = $1 AND customer_hash = $2`
      : 'UPDATE privacy_requests SET customer_hash = $3 WHERE shop_id = $1 AND customer_hash = $2',
    isOfNobody ? from : [...from, customerHashOf(box, shop, owner)],
  );
}

const MERGED = 'merged-customer';

// Few enough for a safe integer, enough that two customers do not meet.
const PSEUDONYM_BITS = 52;

/**
 * A negative number that stands for a redacted customer in our copy of the orders: the same each time, so that cohorts
 * and repeat rates stay what they were, and not to be led back to the person without our key.
 */
export function pseudonymOf(box: SealedBox, shop: ShopRef, customerId: bigint): bigint {
  const hash = Buffer.from(box.keyedHash(shop.shopId, 'customer-pseudonym', String(customerId)));
  return -(BigInt.asUintN(PSEUDONYM_BITS, hash.readBigUInt64BE(0)) + 1n);
}

/** The hash of a customer that stands wherever one must be found again and not be read: tombstones, requests, accesses. */
export function customerHashOf(box: SealedBox, shop: ShopRef, customerId: bigint): Uint8Array<ArrayBuffer> {
  return hashId(box, shop, 'customer', customerId);
}

// Of no shop: the row of the shop is what is gone.
const NO_SHOP_ID = 0;

/** By which a shop that was forgotten is known again in a restored backup. */
export function domainHashOf(box: SealedBox, domain: string): Uint8Array<ArrayBuffer> {
  return box.keyedHash(NO_SHOP_ID, 'forgotten-shop', domain);
}

function hashId(box: SealedBox, shop: ShopRef, kind: TombstoneKind | typeof MERGED, id: bigint): Uint8Array<ArrayBuffer> {
  return box.keyedHash(shop.shopId, `tombstone:${kind}`, String(id));
}

function entry(kind: string, hash: Uint8Array): string {
  return `${kind}:${Buffer.from(hash).toString('base64')}`;
}
