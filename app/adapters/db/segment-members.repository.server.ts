import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

/** A customer of whom something is still to be done. `sent`: it may be done already. */
export interface OpenMember {
  customerId: bigint;
  action: 'add' | 'remove';
  state: 'intended' | 'sent';
}

/** Customers whose numbers lie above `after` and not above `upTo`; all members among them. Slices tile all numbers. */
export interface MembersSlice {
  after: bigint;
  upTo: bigint;
  ids: readonly bigint[];
}

type Place = [shopId: number, targetId: string];

/**
 * Brings the intents of a slice in line with who belongs now, within a transaction that has the shop's row. Who is new is
 * to be added, who was marked by us and left is to be cleared, and who had the mark before us is left alone. The same
 * slice again changes nothing.
 */
export async function planSlice(connection: Pick<pg.PoolClient, 'query'>, { shopId }: ShopRef, targetId: string, { after, upTo, ids }: MembersSlice, now: Date): Promise<void> {
  const place: Place = [shopId, targetId];
  const texts = ids.map(String);
  // Not taken away yet: it is still there. Perhaps taken away: it is ours, and sent again.
  await connection.query(
    `INSERT INTO segment_write_members AS m (shop_id, target_id, customer_id, action, state, changed_at)
     SELECT $1, $2, id, 'add', 'intended', $4 FROM unnest($3::bigint[]) AS given (id)
     ON CONFLICT (shop_id, target_id, customer_id) DO UPDATE SET action = 'add', changed_at = $4,
       state = CASE WHEN m.action = 'add' THEN 'intended' WHEN m.state = 'intended' THEN 'done' ELSE 'sent' END
     WHERE m.action = 'remove' OR m.state = 'failed'`,
    [...place, texts, now],
  );
  const left = `shop_id = $1 AND target_id = $2 AND customer_id > $4 AND customer_id <= $5
    AND NOT EXISTS (SELECT FROM unnest($3::bigint[]) AS given (id) WHERE id = customer_id)`;
  const range = [...place, texts, String(after), String(upTo)];
  await connection.query(`DELETE FROM segment_write_members WHERE ${left} AND action = 'add' AND state IN ('intended', 'theirs', 'failed')`, range);
  await connection.query(
    `UPDATE segment_write_members SET action = 'remove', state = 'intended', changed_at = $6
     WHERE ${left} AND (action = 'add' OR state = 'failed')`,
    [...range, now],
  );
}

/** What is left to do, for the progress. */
export async function countOpen(db: TenantDb, { shopId }: ShopRef, targetId: string): Promise<number> {
  return db.segmentWriteMember.count({ where: { shopId, targetId, state: { in: ['intended', 'sent'] } } });
}

/** Of a target: how many have the mark by us, and how many had it before. */
export async function countMarked(db: TenantDb, { shopId }: ShopRef, targetId: string): Promise<{ ours: number; theirs: number }> {
  const rows = await db.$queryRaw<{ ours: bigint; theirs: bigint }[]>`
    SELECT count(*) FILTER (WHERE action = 'remove' OR state IN ('sent', 'done')) AS ours, count(*) FILTER (WHERE state = 'theirs') AS theirs
    FROM segment_write_members WHERE shop_id = ${shopId} AND target_id = ${targetId}::uuid`;
  return { ours: Number(rows[0]?.ours ?? 0), theirs: Number(rows[0]?.theirs ?? 0) };
}

const openSchema = z.object({ customerId: z.bigint(), action: z.enum(['add', 'remove']), state: z.enum(['intended', 'sent']) });

/** The next of them after a customer's number. Without it each look would pass over all that are done since the last vacuum. */
export async function loadOpen(db: TenantDb, { shopId }: ShopRef, targetId: string, { after, limit }: { after: bigint; limit: number }): Promise<OpenMember[]> {
  const rows = await db.segmentWriteMember.findMany({
    where: { shopId, targetId, customerId: { gt: after }, state: { in: ['intended', 'sent'] } },
    select: { customerId: true, action: true, state: true },
    orderBy: { customerId: 'asc' },
    take: limit,
  });
  return z.array(openSchema).parse(rows);
}

export interface MembersOf {
  writeId: string;
  targetId: string;
  action: 'add' | 'remove';
  now: Date;
}

/**
 * Puts on record that these are about to be sent, unless the run has ended or they were redacted meanwhile.
 * @returns those that may be sent
 */
export async function markSent(db: TenantDb, { shopId }: ShopRef, { writeId, targetId, action, now }: MembersOf, ids: readonly bigint[]): Promise<bigint[]> {
  const rows = await db.$queryRaw<{ customer_id: bigint }[]>`
    UPDATE segment_write_members SET state = 'sent', changed_at = ${now}
    WHERE shop_id = ${shopId} AND target_id = ${targetId}::uuid AND action = ${action} AND state IN ('intended', 'sent')
      AND customer_id = ANY (${[...ids]}::bigint[])
      AND EXISTS (SELECT FROM segment_writes w WHERE w.shop_id = ${shopId} AND w.write_id = ${writeId}::uuid AND w.state = 'writing')
    RETURNING customer_id`;
  return rows.map(({ customer_id: id }) => id);
}

/** Of those that Shopify has refused as a whole: nothing was done, so they are as they were before they were marked. */
export async function unmarkSent(db: TenantDb, { shopId }: ShopRef, { targetId, action, now }: MembersOf, ids: readonly bigint[]): Promise<void> {
  const where = { shopId, targetId, action, state: 'sent', customerId: { in: [...ids] } };
  await db.segmentWriteMember.updateMany({ where, data: { state: 'intended', changedAt: now } });
}

/** Settled at the reading, before anything was sent: they had it before us, or are not in Shopify any more. */
export async function settleRead(db: TenantDb, { shopId }: ShopRef, { writeId, targetId, now }: MembersOf, { theirs, gone }: { theirs: readonly bigint[]; gone: readonly bigint[] }): Promise<void> {
  const where = { shopId, targetId, action: 'add', state: 'intended' };
  const left = await db.segmentWriteMember.updateMany({ where: { ...where, customerId: { in: [...theirs] } }, data: { state: 'theirs', changedAt: now } });
  const away = await db.segmentWriteMember.deleteMany({ where: { ...where, customerId: { in: [...gone] } } });
  await db.segmentWrite.updateMany({ where: { shopId, writeId }, data: { leftAlone: { increment: left.count }, gone: { increment: away.count } } });
}

/** What came of those that were sent. Counted once, although two workers may have sent them. */
export async function settleSent(
  db: TenantDb,
  { shopId }: ShopRef,
  { writeId, targetId, action, now }: MembersOf,
  { done, gone, refused }: { done: readonly bigint[]; gone: readonly bigint[]; refused: readonly bigint[] },
): Promise<void> {
  const of = (ids: readonly bigint[]) => ({ shopId, targetId, action, state: 'sent', customerId: { in: [...ids] } });
  const isAdd = action === 'add';
  const written = isAdd
    ? await db.segmentWriteMember.updateMany({ where: of(done), data: { state: 'done', changedAt: now } })
    : await db.segmentWriteMember.deleteMany({ where: of(done) });
  const away = await db.segmentWriteMember.deleteMany({ where: of(gone) });
  const failed = await db.segmentWriteMember.updateMany({ where: of(refused), data: { state: 'failed', changedAt: now } });
  await db.segmentWrite.updateMany({
    where: { shopId, writeId },
    data: { [isAdd ? 'added' : 'removed']: { increment: written.count }, gone: { increment: away.count }, failed: { increment: failed.count } },
  });
}

/**
 * After a run has ended before its time: what was never sent is not meant any more, so that the rows say what is so. Of
 * so many rows after a customer's number, in their order.
 *
 * @returns where they end; null when there are no more
 */
export async function dropUnsent(
  db: TenantDb,
  { shopId }: ShopRef,
  targetId: string,
  { after, limit, now }: { after: bigint; limit: number; now: Date },
): Promise<bigint | null> {
  const ends = await db.$queryRaw<{ up_to: bigint | null }[]>`
    SELECT max(customer_id) AS up_to FROM (
      SELECT customer_id FROM segment_write_members
      WHERE shop_id = ${shopId} AND target_id = ${targetId}::uuid AND customer_id > ${after} AND state IN ('intended', 'sent')
      ORDER BY customer_id LIMIT ${limit}) slice`;
  const upTo = ends[0]?.up_to ?? null;
  if (upTo === null) return null;
  const where = { shopId, targetId, customerId: { gt: after, lte: upTo }, state: 'intended' };
  await db.segmentWriteMember.deleteMany({ where: { ...where, action: 'add' } });
  await db.segmentWriteMember.updateMany({ where: { ...where, action: 'remove' }, data: { action: 'add', state: 'done', changedAt: now } });
  return upTo;
}

/** Of a redaction: nothing of ours leads from what was written to the person. */
export async function forgetMember(db: TenantDb, { shopId }: ShopRef, customerId: bigint): Promise<void> {
  await db.segmentWriteMember.deleteMany({ where: { shopId, customerId } });
}

/** Of a merge: Shopify gives the customer who stays the tags of the one who goes, so what was ours on one is on the other. */
export async function moveMember(connection: Pick<pg.PoolClient, 'query'>, { shopId }: ShopRef, { fromId, toId }: { fromId: bigint; toId: bigint }): Promise<void> {
  // A negative number is the pseudonym of somebody who was redacted.
  if (toId > 0n) {
    await connection.query(
      `INSERT INTO segment_write_members AS m (shop_id, target_id, customer_id, action, state, changed_at)
       SELECT shop_id, target_id, $3, action, 'sent', changed_at FROM segment_write_members
       WHERE shop_id = $1 AND customer_id = $2 AND (action = 'remove' OR state IN ('sent', 'done'))
       ON CONFLICT (shop_id, target_id, customer_id) DO UPDATE SET state = 'sent' WHERE m.action = 'add' AND m.state IN ('intended', 'failed')`,
      [shopId, String(fromId), String(toId)],
    );
  }
  await connection.query('DELETE FROM segment_write_members WHERE shop_id = $1 AND customer_id = $2', [shopId, String(fromId)]);
}
