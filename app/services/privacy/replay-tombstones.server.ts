import type pg from 'pg';

import type { SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import { loadKnownShops } from '#app/adapters/db/shop-registry.server.ts';
import { withTenantConnection, type ShopRef, type TenantDb } from '#app/adapters/db/tenant.server.ts';
import { domainHashOf, Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import type { PrismaClient } from '#app/generated/prisma/client.ts';
import { dropAnswersNaming } from '#app/services/privacy/drop-answers.server.ts';
import { redactOrders, redactPerson } from '#app/services/privacy/redact-customer.server.ts';
import { forgetShop } from '#app/services/privacy/redact-shop.server.ts';
import { readTombstoneLines, type TombstoneLine } from '#app/services/privacy/tombstone-lines.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const PAGE_IDS = 20_000;
const ROWS_AT_ONCE = 1_000;
// One person's orders, or a thousand rows: far below, but a restored database is cold.
const TURN_TIMEOUT_MS = 60_000;

export interface ReplayReport {
  tombstonesAdded: number;
  shopsForgotten: number;
  customersRedacted: number;
  customersDeleted: number;
  ordersRedacted: number;
  ordersDeleted: number;
}

interface AllShops {
  prisma: PrismaClient;
  sealedBox: SealedBox;
  contextOf: (shop: ShopRef) => ShopContext;
}

/**
 * After a restore, and before web or worker start: takes in the tombstones of `file` (what `exportTombstones` wrote,
 * line by line; null to go by those of the restored database alone), then buries again whoever they name. Shops that
 * were forgotten after they had been installed are deleted. Safe to repeat, and to begin anew when it was cut off.
 *
 * Runs as the app's role. Throws TombstoneFileError, before anything was done, for a file that is not whole.
 */
export async function replayTombstones(
  all: AllShops,
  file: AsyncIterable<string> | Iterable<string> | null,
): Promise<ReplayReport> {
  const lines = file === null ? [] : await readTombstoneLines(file);
  const report: ReplayReport = {
    tombstonesAdded: 0,
    shopsForgotten: 0,
    customersRedacted: 0,
    customersDeleted: 0,
    ordersRedacted: 0,
    ordersDeleted: 0,
  };
  await takeInForgottenShops(all.prisma, lines);
  for (const shop of await loadKnownShops(all.prisma)) {
    const context = all.contextOf(shop);
    if (await isForgotten(all, context)) {
      await forgetAgain(all, context);
      report.shopsForgotten += 1;
      continue;
    }
    report.tombstonesAdded += await takeInTombstones(context, linesOf(all.sealedBox, shop, lines));
    await buryAgain(context, report);
  }
  return report;
}

async function takeInForgottenShops(prisma: PrismaClient, lines: readonly TombstoneLine[]): Promise<void> {
  for (const line of lines) {
    if (line.is !== 'forgotten-shop') continue;
    const { domainHash, forgottenAt } = line;
    await prisma.$executeRaw`
      INSERT INTO forgotten_shops (domain_hash, forgotten_at) VALUES (${domainHash}, ${forgottenAt})
      ON CONFLICT (domain_hash) DO UPDATE SET forgotten_at = greatest(forgotten_shops.forgotten_at, excluded.forgotten_at)`;
  }
}

/** One that was installed again after it was forgotten is another's consent, and stays. */
async function isForgotten({ prisma, sealedBox }: AllShops, { inShop, shop }: ShopContext): Promise<boolean> {
  const forgotten = await prisma.forgottenShop.findUnique({ where: { domainHash: domainHashOf(sealedBox, shop.domain) } });
  if (forgotten === null) return false;
  const { installedAt } = await inShop((db) => db.shop.findUniqueOrThrow({ where: { shopId: shop.shopId } }));
  return installedAt === null || installedAt <= forgotten.forgottenAt;
}

/** Keeps the moment of the first time, by which an install after it is told from one before. */
async function forgetAgain({ prisma, sealedBox }: AllShops, context: ShopContext): Promise<void> {
  const domainHash = domainHashOf(sealedBox, context.shop.domain);
  const { forgottenAt } = await prisma.forgottenShop.findUniqueOrThrow({ where: { domainHash } });
  await forgetShop({ ...context, now: () => forgottenAt });
}

/** Nothing when the number stands for another shop: it was given anew after the backup was made. */
function linesOf(sealedBox: SealedBox, { shopId, domain }: ShopRef, lines: readonly TombstoneLine[]): TombstoneLine[] {
  const hash = Buffer.from(domainHashOf(sealedBox, domain));
  const isSame = lines.some((line) => line.is === 'shop' && line.shopId === shopId && hash.equals(line.domainHash));
  return isSame ? lines.filter((line) => 'shopId' in line && line.shopId === shopId) : [];
}

async function takeInTombstones({ inShop, shop }: ShopContext, lines: readonly TombstoneLine[]): Promise<number> {
  const { shopId } = shop;
  const tombstones = lines
    .filter((line) => line.is === 'tombstone')
    .map(({ kind, idHash, createdAt }) => ({ shopId, kind, idHash, createdAt }));
  const merges = lines.filter((line) => line.is === 'merge');
  return inShop(
    async (db) => {
      await touchShop(db, shopId);
      let added = 0;
      for (const rows of chunksOf(tombstones)) {
        added += (await db.tombstone.createMany({ data: rows, skipDuplicates: true })).count;
      }
      for (const { removedHash, pseudonym, mergedAt } of merges) {
        const keptCustomerId = BigInt(pseudonym);
        await db.customerMerge.upsert({
          where: { shopId_removedHash: { shopId, removedHash } },
          create: { shopId, removedHash, keptCustomerId, mergedAt },
          update: { keptCustomerId },
        });
      }
      return added;
    },
    { timeoutMs: TURN_TIMEOUT_MS },
  );
}

async function buryAgain(context: ShopContext, report: ReplayReport): Promise<void> {
  const { pool, shop, sealedBox, inShop } = context;
  const { shopId } = shop;
  const onConnection = <T>(work: (connection: pg.PoolClient) => Promise<T>) => withTenantConnection(pool, shop, work);
  const tombstones = await onConnection((connection) => Tombstones.glanceOn(connection, sealedBox, shop));
  const inTurn = (work: (db: TenantDb) => Promise<void>) =>
    inShop(
      async (db) => {
        await touchShop(db, shopId);
        await work(db);
      },
      { timeoutMs: TURN_TIMEOUT_MS },
    );

  for await (const orderIds of pagesOf((after) => onConnection((connection) => loadOrderIds(connection, shopId, after)))) {
    const redacted = orderIds.filter((id) => tombstones.has('redacted-order', id));
    const deleted = orderIds.filter((id) => tombstones.has('order', id));
    for (const ids of chunksOf(redacted)) await inTurn((db) => redactOrders(context, db, ids));
    for (const ids of chunksOf(deleted)) {
      const where = { shopId, orderId: { in: ids }, deletedAt: null };
      await inTurn(async (db) => void (await db.order.updateMany({ where, data: { deletedAt: context.now() } })));
    }
    report.ordersRedacted += redacted.length;
    report.ordersDeleted += deleted.length;
  }
  for await (const customerIds of pagesOf((after) => onConnection((connection) => loadCustomerIds(connection, shopId, after)))) {
    for (const customerId of customerIds) {
      const owner = tombstones.ownerAfterMerges(customerId);
      // A pseudonym is negative: the customer whom this one was merged into was redacted.
      if (owner < 0n) await inTurn((db) => redactPerson(context, db, customerId, owner));
      else if (tombstones.has('customer', customerId)) await inTurn((db) => redactPerson(context, db, customerId));
      else if (!tombstones.has('deleted-customer', customerId)) continue;
      else await inTurn(async (db) => void (await db.customer.deleteMany({ where: { shopId, customerId } })));
      if (owner < 0n || tombstones.has('customer', customerId)) report.customersRedacted += 1;
      else report.customersDeleted += 1;
    }
  }
  await inTurn((db) => dropBuriedAnswers(context, db, tombstones));
}

/** Of customers whom no other row names any more. */
async function dropBuriedAnswers(context: ShopContext, db: TenantDb, tombstones: Tombstones): Promise<void> {
  await db.$executeRaw`
    UPDATE privacy_requests SET answer_sealed = NULL, customer_hash = NULL, outcome = 'redacted'
    WHERE shop_id = ${context.shop.shopId} AND customer_hash IN (
      SELECT id_hash FROM tombstones WHERE shop_id = ${context.shop.shopId} AND kind = 'customer')`;
  await dropAnswersNaming(context, db, (orderId) => tombstones.has('redacted-order', BigInt(orderId)));
}

async function touchShop(db: TenantDb, shopId: number): Promise<void> {
  await db.shop.update({ where: { shopId }, data: { dataVersion: { increment: 1 } } });
}

async function* pagesOf(loadPage: (after: bigint) => Promise<bigint[]>): AsyncGenerator<bigint[]> {
  for (let after = 0n; ; ) {
    const page = await loadPage(after);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last;
  }
}

async function loadOrderIds(connection: pg.PoolClient, shopId: number, after: bigint): Promise<bigint[]> {
  const { rows } = await connection.query<{ id: string }>(
    'SELECT order_id AS id FROM orders WHERE shop_id = $1 AND order_id > $2 ORDER BY order_id LIMIT $3',
    [shopId, String(after), PAGE_IDS],
  );
  return rows.map(({ id }) => BigInt(id));
}

/** Whoever is named anywhere; pseudonyms are negative, so those come before the first page. */
async function loadCustomerIds(connection: pg.PoolClient, shopId: number, after: bigint): Promise<bigint[]> {
  const { rows } = await connection.query<{ id: string }>(
    `SELECT id FROM (
       SELECT customer_id AS id FROM customers WHERE shop_id = $1 UNION
       SELECT customer_id FROM orders WHERE shop_id = $1 UNION
       SELECT customer_id FROM offer_discounts WHERE shop_id = $1 UNION
       SELECT customer_id FROM segment_write_members WHERE shop_id = $1 UNION
       SELECT customer_id FROM account_invites WHERE shop_id = $1 UNION
       SELECT customer_id FROM reconciliation_customer_differences WHERE shop_id = $1 UNION
       SELECT customer_id FROM loyalty_members WHERE shop_id = $1 UNION
       SELECT kept_customer_id FROM customer_merges WHERE shop_id = $1
     ) named WHERE id > $2 ORDER BY id LIMIT $3`,
    [shopId, String(after), PAGE_IDS],
  );
  return rows.map(({ id }) => BigInt(id));
}

function chunksOf<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / ROWS_AT_ONCE) }, (_, index) =>
    rows.slice(index * ROWS_AT_ONCE, (index + 1) * ROWS_AT_ONCE),
  );
}
