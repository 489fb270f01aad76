import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { JsonValue } from '#app/domain/loyalty/ledger/entry.ts';

/** What a member should be told. Names nobody; whoever sends it looks first whether it still holds. */
export interface NoticeDraft {
  /** There is one of it in the shop, however often it is asked for. */
  readonly key: string;
  readonly memberId: bigint;
  readonly kind: NoticeKind;
  readonly facts: Readonly<Record<string, JsonValue>>;
  readonly dueMs: number;
}

export type NoticeKind = 'tier-raised' | 'tier-falling' | 'tier-fell' | 'tier-replaced' | 'points-expiring' | 'points-ending';

/** In the transaction of what it tells of. */
export async function insertNotices(connection: pg.PoolClient, { shopId }: ShopRef, notices: readonly NoticeDraft[]): Promise<void> {
  if (notices.length === 0) return;
  await connection.query({
    name: 'insert-loyalty-notices',
    text: `INSERT INTO loyalty_notices (shop_id, notice_key, member_id, kind, facts, due_at)
      SELECT $1, n.* FROM unnest($2::text[], $3::bigint[], $4::text[], $5::jsonb[], $6::timestamptz[]) n
      ON CONFLICT (shop_id, notice_key) DO NOTHING`,
    values: [
      shopId,
      notices.map(({ key }) => key),
      notices.map(({ memberId }) => String(memberId)),
      notices.map(({ kind }) => kind),
      notices.map(({ facts }) => JSON.stringify(facts)),
      notices.map(({ dueMs }) => new Date(dueMs)),
    ],
  });
}
