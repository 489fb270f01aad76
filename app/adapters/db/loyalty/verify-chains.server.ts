import type pg from 'pg';
import { z } from 'zod';

import { dateAsDay } from '#app/adapters/db/loyalty/day-column.ts';
import { chainHash } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { ACCOUNTS, ENTRY_KINDS } from '#app/domain/loyalty/ledger/entry.ts';
import type { Entry, EntryReason } from '#app/domain/loyalty/ledger/entry.ts';

const id = z.string().transform(BigInt);
const postingSchema = z.object({
  account: z.enum(ACCOUNTS),
  points: z.number().int(),
  lot_no: z.number().int().nullable(),
  matures_at: z.string().nullable(),
  expires_on: z.string().nullable(),
  lot_order_id: z.string().nullable(),
});
const entrySchema = z.object({
  member_id: id,
  sequence: z.number().int(),
  kind: z.enum(ENTRY_KINDS),
  entry_key: z.string(),
  occurred_at: z.date(),
  recorded_at: z.date(),
  order_id: id.nullable(),
  redemption_id: z.string().nullable(),
  program_version: z.number().int().nullable(),
  reason: z.custom<EntryReason>((value) => typeof value === 'object' && value !== null && 'code' in value),
  hash: z.instanceof(Buffer),
  postings: z.array(postingSchema),
});

interface ChainHead {
  last_sequence: number;
  last_hash: Buffer | null;
}

export interface ChainFindings {
  entries: number;
  /** Members whose chain does not lead from the first entry to the one that their row names. */
  broken: { memberId: bigint; atSequence: number; what: string }[];
}

/** Members by their number: those in a row, the last included, or each by itself. */
export type SomeMembers = { readonly after: bigint; readonly through: bigint } | { readonly memberIds: readonly bigint[] };

export const LAST_MEMBER_ID = 2n ** 63n - 1n;

/** As a condition on `member_id`, with the values of `$2` and `$3`. */
export function amongMembers(some: SomeMembers): { condition: string; values: [string, string] | [string[], null] } {
  if ('memberIds' in some) return { condition: 'member_id = ANY($2::bigint[]) AND $3::bigint IS NULL', values: [some.memberIds.map(String), null] };
  return { condition: 'member_id > $2::bigint AND member_id <= $3::bigint', values: [String(some.after), String(some.through)] };
}

const MEMBERS_A_SLICE = 500;

/**
 * Reads every entry again and hashes it: a row that was changed, added, taken away or put elsewhere by whatever means
 * breaks its member's chain. Inside a `withTenantConnection` transaction.
 */
export async function verifyChains(
  connection: Pick<pg.ClientBase, 'query'>,
  { shopId }: ShopRef,
  among: SomeMembers = { after: 0n, through: LAST_MEMBER_ID },
): Promise<ChainFindings> {
  const findings: ChainFindings = { entries: 0, broken: [] };
  const { condition, values } = amongMembers(among);
  let after = '0';
  for (;;) {
    const { rows: heads } = await connection.query<ChainHead & { member_id: string }>(
      `SELECT member_id, last_sequence, last_hash FROM loyalty_members
       WHERE shop_id = $1 AND member_id > $4 AND ${condition} ORDER BY member_id LIMIT ${MEMBERS_A_SLICE}`,
      [shopId, ...values, after],
    );
    const last = heads.at(-1);
    if (last === undefined) return findings;
    const entries = await loadEntries(connection, shopId, heads.map((head) => head.member_id));
    findings.entries += entries.length;
    const chains = new Map<string, StoredEntry[]>(heads.map((head) => [head.member_id, []]));
    for (const stored of entries) chains.get(String(stored.entry.memberId))?.push(stored);
    for (const { member_id: memberId, ...head } of heads) {
      const fault = findFault(chains.get(memberId) ?? [], head);
      if (fault !== null) findings.broken.push({ memberId: BigInt(memberId), ...fault });
    }
    after = last.member_id;
  }
}

function findFault(chain: readonly StoredEntry[], head: ChainHead): { atSequence: number; what: string } | null {
  let previous: Buffer | null = null;
  for (const [index, { entry, hash }] of chain.entries()) {
    if (entry.sequence !== index + 1) return { atSequence: index + 1, what: 'an entry is missing' };
    const expected = chainHash(previous, entry);
    if (!expected.equals(hash)) return { atSequence: entry.sequence, what: 'the entry is not what was written' };
    previous = hash;
  }
  if (head.last_sequence !== chain.length) return { atSequence: chain.length + 1, what: 'the chain ends elsewhere' };
  const isSame = previous === null ? head.last_hash === null : head.last_hash !== null && previous.equals(head.last_hash);
  return isSame ? null : { atSequence: chain.length, what: 'the chain ends with another hash' };
}

interface StoredEntry {
  readonly entry: Entry;
  readonly hash: Buffer;
}

async function loadEntries(
  connection: Pick<pg.ClientBase, 'query'>,
  shopId: number,
  memberIds: readonly string[],
): Promise<StoredEntry[]> {
  const { rows } = await connection.query(
    `SELECT e.member_id, e.sequence, e.kind, e.entry_key, e.occurred_at, e.recorded_at, e.order_id, e.redemption_id,
       e.program_version, e.reason, e.hash,
       coalesce(jsonb_agg(jsonb_build_object('account', p.account, 'points', p.points, 'lot_no', p.lot_no,
         'matures_at', to_char(p.matures_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'expires_on', p.expires_on::text,
         'lot_order_id', p.lot_order_id::text) ORDER BY p.posting_no) FILTER (WHERE p.posting_no IS NOT NULL), '[]') AS postings
     FROM loyalty_entries e LEFT JOIN loyalty_postings p USING (shop_id, member_id, sequence)
     WHERE e.shop_id = $1 AND e.member_id = ANY($2::bigint[])
     GROUP BY e.shop_id, e.member_id, e.sequence ORDER BY e.member_id, e.sequence`,
    [shopId, memberIds],
  );
  return rows.map((raw) => {
    const row = entrySchema.parse(raw);
    return { hash: row.hash, entry: entryOf(row) };
  });
}

function entryOf(row: z.infer<typeof entrySchema>): Entry {
  return {
    memberId: row.member_id,
    sequence: row.sequence,
    kind: row.kind,
    key: row.entry_key,
    occurredAtMs: row.occurred_at.getTime(),
    recordedAtMs: row.recorded_at.getTime(),
    source: { orderId: row.order_id, redemptionId: row.redemption_id, programVersion: row.program_version },
    reason: row.reason,
    postings: row.postings.map((posting) => ({
      account: posting.account,
      points: posting.points,
      lotNo: posting.lot_no,
      opens:
        posting.matures_at === null
          ? null
          : {
              maturesAtMs: Date.parse(posting.matures_at),
              expiresOn: dateAsDay(posting.expires_on),
              orderId: posting.lot_order_id === null ? null : BigInt(posting.lot_order_id),
            },
    })),
  };
}
