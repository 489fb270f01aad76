import type { Entry, JsonValue } from './entry.ts';

/**
 * The one text that an entry has, whoever writes it, for the hash that chains it to the member's entry before it. Growth
 * only: a text that came out otherwise than it did would make every ledger look forged.
 */
export function canonicalEntry(entry: Entry): string {
  const { kind, key, occurredAtMs, recordedAtMs, memberId, sequence, source, postings, reason } = entry;
  return canonicalJson([
    'perennial-entry-1',
    String(memberId),
    sequence,
    kind,
    key,
    occurredAtMs,
    recordedAtMs,
    textOf(source.orderId),
    source.redemptionId,
    source.programVersion,
    postings.map(({ account, points, lotNo, opens }) => [
      account,
      points,
      lotNo,
      opens === null ? null : [opens.maturesAtMs, opens.expiresOn, textOf(opens.orderId)],
    ]),
    reason,
  ]);
}

function textOf(id: bigint | null): string | null {
  return id === null ? null : String(id);
}

/** JSON with the keys of objects sorted, so that a database may keep them in any order. */
export function canonicalJson(value: JsonValue): string {
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
