import { hash } from 'node:crypto';

import pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { canonicalEntry } from '#app/domain/loyalty/ledger/canonical-entry.ts';
import { isActivity, requireSoundPostings } from '#app/domain/loyalty/ledger/entry.ts';
import type { Entry, EntryDraft } from '#app/domain/loyalty/ledger/entry.ts';
import { applyPostings, checkMemberLedger, deriveBalance } from '#app/domain/loyalty/ledger/member-ledger.ts';
import type { MemberLedger } from '#app/domain/loyalty/ledger/member-ledger.ts';
import { UnsoundEntryError } from '#app/domain/loyalty/ledger/entry.ts';
import { dayAsDate } from '#app/adapters/db/loyalty/day-column.ts';

/** A member whose row this transaction holds, with their points as they stand after all that it has appended. */
export interface HeldMember {
  readonly memberId: bigint;
  readonly customerId: bigint;
  readonly isExcluded: boolean;
  /** Another member, in whom this one has gone up. */
  readonly mergedInto: bigint | null;
  readonly enrolledAtMs: number;
  /** Month x 100 + day, and since when it is known. */
  readonly birthday: number | null;
  readonly birthdayKnownAtMs: number | null;
  /** When time was to do something to the member's points or tier, as it was last worked out. */
  dueMs: number | null;
  ledger: MemberLedger;
  lastActivityMs: number | null;
  lastSequence: number;
  lastHash: Buffer | null;
}

/** Somebody else has written this entry meanwhile: whoever asked begins again and finds it. */
export class EntryExistsError extends Error {
  override name = 'EntryExistsError';
}

const UNIQUE_VIOLATION = '23505';

/**
 * Collects entries of members whose rows are held, and writes them with one statement. What is appended is seen at once
 * in `ledger` of the member, so that the next decision goes by it.
 */
export class LedgerWriter {
  readonly #entries: (Entry & { readonly hash: Buffer })[] = [];
  readonly #members = new Set<HeldMember>();
  readonly #nowMs: number;
  readonly #onAppend: (entry: Entry) => void;

  /** @param onAppend told of each entry as it is appended */
  constructor(now: Date, onAppend: (entry: Entry) => void = () => {}) {
    this.#nowMs = now.getTime();
    this.#onAppend = onAppend;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Whether it has entries of this member to write. */
  writes(member: HeldMember): boolean {
    return this.#members.has(member);
  }

  /**
   * @param activeAtMs when the entry shows that the member is about; usually when it happened
   * @throws UnsoundEntryError
   */
  append(member: HeldMember, draft: EntryDraft, activeAtMs: number = draft.occurredAtMs): Entry {
    requireSoundPostings(draft.postings);
    const ledger = applyPostings(member.ledger, draft.postings);
    const [finding] = checkMemberLedger(ledger);
    if (finding !== undefined) throw new UnsoundEntryError(`${draft.key}: ${finding}`);
    const entry = { ...draft, memberId: member.memberId, sequence: member.lastSequence + 1, recordedAtMs: this.#nowMs };
    const hash = chainHash(member.lastHash, entry);
    this.#entries.push({ ...entry, hash });
    this.#members.add(member);
    member.ledger = ledger;
    member.lastSequence = entry.sequence;
    member.lastHash = hash;
    if (isActivity(draft)) member.lastActivityMs = Math.max(member.lastActivityMs ?? 0, activeAtMs);
    this.#onAppend(entry);
    return entry;
  }

  /**
   * @param dueMsOf when time will next do something to a member's points
   * @throws EntryExistsError
   */
  async write(connection: pg.PoolClient, { shopId }: ShopRef, dueMsOf: (member: HeldMember) => number | null): Promise<void> {
    if (this.isEmpty) return;
    try {
      await connection.query({ name: 'append-ledger-entries', text: APPEND, values: [shopId, ...this.#columns(dueMsOf)] });
    } catch (error) {
      const isTaken = error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION;
      throw isTaken ? new EntryExistsError(error.detail, { cause: error }) : error;
    }
    this.#entries.length = 0;
    this.#members.clear();
  }

  #columns(dueMsOf: (member: HeldMember) => number | null): unknown[] {
    const entries = this.#entries;
    const postings = entries.flatMap((entry) => entry.postings.map((posting, index) => ({ entry, posting, postingNo: index + 1 })));
    const members = [...this.#members];
    const balances = members.map(({ ledger }) => deriveBalance(ledger));
    return [
      entries.map(({ memberId }) => String(memberId)),
      entries.map(({ sequence }) => sequence),
      entries.map(({ kind }) => kind),
      entries.map(({ key }) => key),
      entries.map(({ occurredAtMs }) => new Date(occurredAtMs)),
      new Date(this.#nowMs),
      entries.map(({ source }) => textOf(source.orderId)),
      entries.map(({ source }) => source.redemptionId),
      entries.map(({ source }) => source.programVersion),
      entries.map(({ reason }) => JSON.stringify(reason)),
      entries.map(({ hash }) => hash),
      postings.map(({ entry }) => String(entry.memberId)),
      postings.map(({ entry }) => entry.sequence),
      postings.map(({ postingNo }) => postingNo),
      postings.map(({ posting }) => posting.account),
      postings.map(({ posting }) => posting.points),
      postings.map(({ posting }) => posting.lotNo),
      postings.map(({ posting }) => (posting.opens === null ? null : new Date(posting.opens.maturesAtMs))),
      postings.map(({ posting }) => dayAsDate(posting.opens?.expiresOn ?? null)),
      postings.map(({ posting }) => textOf(posting.opens?.orderId ?? null)),
      members.map(({ memberId }) => String(memberId)),
      members.map(({ lastSequence }) => lastSequence),
      members.map(({ lastHash }) => lastHash),
      members.map(({ lastActivityMs }) => dateOrNull(lastActivityMs)),
      members.map((member) => dateOrNull(dueMsOf(member))),
      balances.map(({ points }) => points),
      balances.map(({ pendingPoints }) => pendingPoints),
      balances.map(({ reservedPoints }) => reservedPoints),
    ];
  }
}

/** SHA-256 over the hash of the member's entry before it (none for the first) and the entry's one text. */
export function chainHash(previous: Buffer | null, entry: Entry): Buffer {
  const text = canonicalEntry(entry);
  return hash('sha256', previous === null ? text : Buffer.concat([previous, Buffer.from(text)]), 'buffer');
}

function textOf(id: bigint | null): string | null {
  return id === null ? null : String(id);
}

function dateOrNull(epochMs: number | null): Date | null {
  return epochMs === null ? null : new Date(epochMs);
}

/** One statement and so one way to the database: entries, their postings, and where the members' chains end now. */
const APPEND = `
  WITH entries AS (
    INSERT INTO loyalty_entries (shop_id, member_id, sequence, kind, entry_key, occurred_at, recorded_at, order_id,
      redemption_id, program_version, reason, hash)
    SELECT $1, member_id, sequence, kind, entry_key, occurred_at, $7, order_id, redemption_id, program_version, reason, hash
    FROM unnest($2::bigint[], $3::int[], $4::text[], $5::text[], $6::timestamptz[], $8::bigint[], $9::uuid[], $10::int[],
      $11::jsonb[], $12::bytea[]) e (member_id, sequence, kind, entry_key, occurred_at, order_id, redemption_id,
      program_version, reason, hash)
  ), postings AS (
    INSERT INTO loyalty_postings (shop_id, member_id, sequence, posting_no, account, points, lot_no, matures_at, expires_on, lot_order_id)
    SELECT $1, p.* FROM unnest($13::bigint[], $14::int[], $15::int[], $16::text[], $17::int[], $18::int[],
      $19::timestamptz[], $20::date[], $21::bigint[]) p
  )
  UPDATE loyalty_members m SET last_sequence = n.last_sequence, last_hash = n.last_hash,
    last_activity_at = n.last_activity_at, due_at = n.due_at, balance_points = n.balance_points,
    pending_points = n.pending_points, reserved_points = n.reserved_points
  FROM unnest($22::bigint[], $23::int[], $24::bytea[], $25::timestamptz[], $26::timestamptz[], $27::int[], $28::int[], $29::int[])
    n (member_id, last_sequence, last_hash, last_activity_at, due_at, balance_points, pending_points, reserved_points)
  WHERE m.shop_id = $1 AND m.member_id = n.member_id`;
