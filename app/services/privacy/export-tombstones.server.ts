import type { SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import { loadKnownShops } from '#app/adapters/db/shop-registry.server.ts';
import { inShopOf, type ShopRef, type TenantDb } from '#app/adapters/db/tenant.server.ts';
import { domainHashOf } from '#app/adapters/db/tombstones.repository.server.ts';
import type { PrismaClient, Tombstone } from '#app/generated/prisma/client.ts';
import { tombstoneKindSchema, writeTombstoneLine, type TombstoneLine } from '#app/services/privacy/tombstone-lines.server.ts';

const PAGE_ROWS = 5_000;

/**
 * Writes every tombstone of every shop, one JSON line each, without line ends: keyed hashes and pseudonyms, nobody's id.
 *
 * The file is for `replayTombstones`, to be kept apart from the backups and made newer than them: with each backup, and
 * once more, if the database still answers, before an older backup is restored over it. It runs as the app's role, needs
 * no key but the one of the hashes, and reads while everything else goes on.
 *
 * @returns how many lines were written
 */
export async function exportTombstones(
  { prisma, sealedBox }: { prisma: PrismaClient; sealedBox: SealedBox },
  write: (line: string) => void | Promise<void>,
): Promise<number> {
  let lines = 0;
  const put = async (line: TombstoneLine) => {
    lines += 1;
    await write(writeTombstoneLine(line));
  };
  await put({ is: 'tombstones', format: 1 });
  for (const shop of await loadKnownShops(prisma)) {
    await put({ is: 'shop', shopId: shop.shopId, domainHash: domainHashOf(sealedBox, shop.domain) });
    for await (const line of linesOfShop(prisma, shop)) await put(line);
  }
  for (const { domainHash, forgottenAt } of await prisma.forgottenShop.findMany()) {
    await put({ is: 'forgotten-shop', domainHash, forgottenAt });
  }
  await put({ is: 'end', lines: lines + 1 });
  return lines;
}

type TombstoneRow = Pick<Tombstone, 'kind' | 'idHash' | 'createdAt'>;

const BEFORE_ALL: TombstoneRow = { kind: '', idHash: new Uint8Array(), createdAt: new Date(0) };

/** By hand: after a cursor that holds bytes, Prisma finds no more rows. */
async function loadPage(db: TenantDb, { shopId }: ShopRef, after: TombstoneRow): Promise<TombstoneRow[]> {
  return db.$queryRaw<TombstoneRow[]>`
    SELECT kind, id_hash AS "idHash", created_at AS "createdAt" FROM tombstones
    WHERE shop_id = ${shopId} AND (kind, id_hash) > (${after.kind}, ${after.idHash}) ORDER BY kind, id_hash LIMIT ${PAGE_ROWS}`;
}

async function* linesOfShop(prisma: PrismaClient, shop: ShopRef): AsyncGenerator<TombstoneLine> {
  const { shopId } = shop;
  const inShop = inShopOf(prisma, shop);
  for (let after: TombstoneRow = BEFORE_ALL; ; ) {
    const page = await inShop((db) => loadPage(db, shop, after));
    for (const { kind, idHash, createdAt } of page) {
      yield { is: 'tombstone', shopId, kind: tombstoneKindSchema.parse(kind), idHash, createdAt };
    }
    const last = page.at(-1);
    if (page.length < PAGE_ROWS || !last) break;
    after = last;
  }
  const merges = await inShop((db) => db.customerMerge.findMany({ where: { shopId, keptCustomerId: { lt: 0 } } }));
  for (const { removedHash, keptCustomerId, mergedAt } of merges) {
    yield { is: 'merge', shopId, removedHash, pseudonym: String(keptCustomerId), mergedAt };
  }
}
