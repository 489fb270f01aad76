import type pg from 'pg';

import type { SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

export type TombstoneKind = 'customer' | 'order';

/** Knows by hash which customers and orders must not come back. */
export class Tombstones {
  readonly #hashes: ReadonlySet<string>;
  readonly #box: SealedBox;
  readonly #shop: ShopRef;

  private constructor(hashes: ReadonlySet<string>, box: SealedBox, shop: ShopRef) {
    this.#hashes = hashes;
    this.#box = box;
    this.#shop = shop;
  }

  static async load(db: TenantDb, box: SealedBox, shop: ShopRef): Promise<Tombstones> {
    const rows = await db.tombstone.findMany({ where: { shopId: shop.shopId } });
    const hashes = new Set(rows.map((row) => entry(row.kind, row.idHash)));
    return new Tombstones(hashes, box, shop);
  }

  /** The same within a `withTenantConnection` transaction. */
  static async loadOn(connection: pg.PoolClient, box: SealedBox, shop: ShopRef): Promise<Tombstones> {
    const { rows } = await connection.query<{ kind: string; id_hash: Buffer }>(
      'SELECT kind, id_hash FROM tombstones WHERE shop_id = $1',
      [shop.shopId],
    );
    return new Tombstones(new Set(rows.map((row) => entry(row.kind, row.id_hash))), box, shop);
  }

  has(kind: TombstoneKind, id: bigint): boolean {
    return this.#hashes.size > 0 && this.#hashes.has(entry(kind, hashId(this.#box, this.#shop, kind, id)));
  }
}

export async function raiseTombstone(
  db: TenantDb,
  box: SealedBox,
  shop: ShopRef,
  kind: TombstoneKind,
  id: bigint,
): Promise<void> {
  const key = { shopId: shop.shopId, kind, idHash: hashId(box, shop, kind, id) };
  await db.tombstone.upsert({ where: { shopId_kind_idHash: key }, create: key, update: {} });
}

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

function hashId(box: SealedBox, shop: ShopRef, kind: TombstoneKind, id: bigint): Uint8Array<ArrayBuffer> {
  return box.keyedHash(shop.shopId, `tombstone:${kind}`, String(id));
}

function entry(kind: string, hash: Uint8Array): string {
  return `${kind}:${Buffer.from(hash).toString('base64')}`;
}
