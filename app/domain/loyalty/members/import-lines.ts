import { parseDay } from '../../time/calendar-day.ts';
import { startOfDay } from '../../time/day-of-instant.ts';

/** Columns of a file of balances or history, by any of the names that programs give them. */
export const IMPORT_COLUMNS = ['customer', 'points', 'expiresOn', 'occurredAt', 'reason'] as const;
export type ImportColumn = (typeof IMPORT_COLUMNS)[number];

const NAMES: Record<ImportColumn, readonly string[]> = {
  customer: ['customer_id', 'shopify_customer_id', 'shopify_id', 'customer id', 'shopify customer id'],
  points: ['points', 'points_balance', 'points balance', 'balance'],
  expiresOn: ['expires_on', 'expires_at', 'expiry', 'expires on'],
  occurredAt: ['occurred_at', 'created_at', 'date', 'occurred at'],
  reason: ['reason', 'note', 'description'],
};

const EMAIL_NAMES = ['email', 'e-mail', 'email address', 'customer email', 'customer_email'];

export type HeaderProblem =
  /** Customers are named by their e-mail, of which Perennial keeps none. */
  | 'only-emails'
  | 'no-customer'
  | 'no-points'
  /** Two columns could be meant. */
  | 'doubled';

/** Where each column stands; or why the file cannot be used. */
export function readImportHeader(cells: readonly string[]): { ok: true; places: Partial<Record<ImportColumn, number>> } | { ok: false; problem: HeaderProblem } {
  const names = cells.map((cell) => cell.replace(/^\uFEFF/, '').trim().toLowerCase());
  const places: Partial<Record<ImportColumn, number>> = {};
  for (const column of IMPORT_COLUMNS) {
    const found = names.flatMap((name, index) => (NAMES[column].includes(name) ? [index] : []));
    const [place] = found;
    if (found.length > 1 && (column === 'customer' || column === 'points')) return { ok: false, problem: 'doubled' };
    if (place !== undefined) places[column] = place;
  }
  if (places.customer === undefined) return { ok: false, problem: names.some((name) => EMAIL_NAMES.includes(name)) ? 'only-emails' : 'no-customer' };
  return places.points === undefined ? { ok: false, problem: 'no-points' } : { ok: true, places };
}

/** A line that can be imported. */
export interface ImportLine {
  readonly line: number;
  readonly customerId: bigint;
  /** Not 0. */
  readonly points: number;
  readonly expiresOn: number | null;
  readonly occurredAtMs: number | null;
  readonly reason: string | null;
}

export type LineProblem = 'not-a-customer' | 'not-points' | 'too-many-points' | 'not-a-day' | 'already-over' | 'in-the-future' | 'too-long' | 'broken';

/** What is wrong with a line, and in which of its fields. */
export interface BadLine {
  readonly line: number;
  readonly field: ImportColumn | null;
  readonly problem: LineProblem;
}

const MOST_POINTS = 10_000_000;
const LONGEST_REASON = 500;
const MAX_ID = 2n ** 63n - 1n;

/** Points of 0 are no line: a customer without points has nothing to import. */
export function readImportLine(
  cells: Readonly<Partial<Record<ImportColumn, string>>>,
  { line, today, nowMs, timeZone }: { line: number; today: number; nowMs: number; timeZone: string },
): { kind: 'line'; value: ImportLine } | { kind: 'bad'; value: BadLine } | { kind: 'nothing' } {
  const bad = (field: ImportColumn, problem: LineProblem) => ({ kind: 'bad' as const, value: { line, field, problem } });
  // Spreadsheets keep long numbers whole behind an apostrophe, and Shopify's own export writes one.
  const id = (cells.customer ?? '').trim().replace(/^'/, '').replace(/^gid:\/\/shopify\/Customer\//, '');
  if (!/^[1-9]\d{0,18}$/.test(id) || BigInt(id) > MAX_ID) return bad('customer', 'not-a-customer');
  const text = (cells.points ?? '').trim().replace(/^'/, '');
  if (!/^[+-]?\d{1,12}(\.0+)?$/.test(text)) return bad('points', 'not-points');
  const points = Number(text);
  if (Math.abs(points) > MOST_POINTS) return bad('points', 'too-many-points');
  if (points === 0) return { kind: 'nothing' };
  const ends = (cells.expiresOn ?? '').trim();
  const expiresOn = ends === '' ? null : parseDay(ends.slice(0, 10));
  if (ends !== '' && expiresOn === null) return bad('expiresOn', 'not-a-day');
  if (expiresOn !== null && expiresOn <= today) return bad('expiresOn', 'already-over');
  const when = (cells.occurredAt ?? '').trim();
  const occurredAtMs = when === '' ? null : readInstant(when, timeZone);
  if (when !== '' && occurredAtMs === null) return bad('occurredAt', 'not-a-day');
  if (occurredAtMs !== null && occurredAtMs > nowMs) return bad('occurredAt', 'in-the-future');
  const reason = (cells.reason ?? '').trim();
  if ([...reason].length > LONGEST_REASON) return bad('reason', 'too-long');
  return { kind: 'line', value: { line, customerId: BigInt(id), points, expiresOn, occurredAtMs, reason: reason === '' ? null : reason } };
}

/** A day at the shop, or a day and a time, in UTC without a zone; in ISO's order alone, since 3/4 is two days. */
function readInstant(text: string, timeZone: string): number | null {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/.exec(text);
  const day = parseDay(parts?.[1] ?? '');
  if (parts === null || day === null) return null;
  if (parts[2] === undefined) return startOfDay(day, timeZone);
  const zone = (parts[3] ?? 'Z').replace('UTC', 'Z').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const atMs = Date.parse(`${parts[1]}T${parts[2]}${zone}`);
  return Number.isNaN(atMs) ? null : atMs;
}

/** What a piece of a file holds, or, after an import, what was done with it. */
export interface ImportCount {
  /** Lines that name points, bad ones left out. */
  readonly lines: number;
  readonly badLines: number;
  readonly unknownLines: number;
  /** Imported by an earlier turn: nothing is done with them again. */
  readonly knownLines: number;
  /** Of lines that are neither: what they add, and what they take. */
  readonly addedPoints: number;
  readonly takenPoints: number;
  /** The first ones, for whoever mends the file. */
  readonly bad: readonly BadLine[];
  readonly unknown: readonly { readonly line: number; readonly customerId: string }[];
}

export const EMPTY_COUNT: ImportCount = { lines: 0, badLines: 0, unknownLines: 0, knownLines: 0, addedPoints: 0, takenPoints: 0, bad: [], unknown: [] };
export const SHOWN_LINES = 20;

export function addCounts(a: ImportCount, b: ImportCount): ImportCount {
  return {
    lines: a.lines + b.lines,
    badLines: a.badLines + b.badLines,
    unknownLines: a.unknownLines + b.unknownLines,
    knownLines: a.knownLines + b.knownLines,
    addedPoints: a.addedPoints + b.addedPoints,
    takenPoints: a.takenPoints + b.takenPoints,
    bad: [...a.bad, ...b.bad].slice(0, SHOWN_LINES),
    unknown: [...a.unknown, ...b.unknown].slice(0, SHOWN_LINES),
  };
}

/** What the page that imports is told of a piece. */
export type ImportAnswer =
  | { readonly outcome: 'counted'; readonly count: ImportCount }
  | { readonly outcome: 'refused'; readonly reason: HeaderProblem | 'no-program' | 'failed' };
