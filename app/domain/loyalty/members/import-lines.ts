import { parseDay } from '../../time/calendar-day.ts';
import { dayOfInstant, startOfDay } from '../../time/day-of-instant.ts';

/** Columns of a file of balances or history, by any of the names that programs give them. */
export const IMPORT_COLUMNS = ['customer', 'email', 'points', 'expiresOn', 'occurredAt', 'reason'] as const;
export type ImportColumn = (typeof IMPORT_COLUMNS)[number];

const NAMES: Record<ImportColumn, readonly string[]> = {
  customer: ['customer_id', 'shopify_customer_id', 'shopify_id', 'customer id', 'shopify customer id'],
  email: ['email', 'e-mail', 'email address', 'customer email', 'customer_email'],
  points: ['points', 'points_balance', 'points balance', 'balance'],
  expiresOn: ['expires_on', 'expires_at', 'expiry', 'expires on'],
  occurredAt: ['occurred_at', 'created_at', 'date', 'occurred at'],
  reason: ['reason', 'note', 'description'],
};

export type HeaderProblem =
  /** Neither a number nor an e-mail says whose the points are. */
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
    const isAsked = column === 'customer' || column === 'points' || (column === 'email' && places.customer === undefined);
    if (found.length > 1 && isAsked) return { ok: false, problem: 'doubled' };
    if (place !== undefined) places[column] = place;
  }
  if (places.customer === undefined && places.email === undefined) return { ok: false, problem: 'no-customer' };
  return places.points === undefined ? { ok: false, problem: 'no-points' } : { ok: true, places };
}

/**
 * Whether customers may have to be looked up one by one, as the header looks to somebody who does not know yet how its
 * cells are parted: pieces of such a file are to be small.
 */
export function mayNameByEmail(header: string): boolean {
  return /e-?mail/i.test(header);
}

/** A line of a file, whose customer is named by their number in Shopify or by their e-mail. */
export interface WrittenLine extends LineFacts {
  readonly customer: { readonly by: 'id'; readonly id: bigint } | { readonly by: 'email'; readonly email: string };
}

/** A line that can be imported. */
export interface ImportLine extends LineFacts {
  readonly customerId: bigint;
}

interface LineFacts {
  readonly line: number;
  /** Not 0. */
  readonly points: number;
  readonly expiresOn: number | null;
  readonly occurredAtMs: number | null;
  readonly reason: string | null;
}

export type LineProblem = 'not-a-customer' | 'not-an-email' | 'not-points' | 'too-many-points' | 'not-a-day' | 'already-over' | 'in-the-future' | 'too-long' | 'broken';

/** What is wrong with a line, and in which of its fields. */
export interface BadLine {
  readonly line: number;
  readonly field: ImportColumn | null;
  readonly problem: LineProblem;
}

const MOST_POINTS = 10_000_000;
const LONGEST_REASON = 500;
const LONGEST_EMAIL = 254;
const MAX_ID = 2n ** 63n - 1n;

/** Points of 0 are no line: a customer without points has nothing to import. */
export function readImportLine(
  cells: Readonly<Partial<Record<ImportColumn, string>>>,
  { line, today, nowMs, timeZone }: { line: number; today: number; nowMs: number; timeZone: string },
): { kind: 'line'; value: WrittenLine } | { kind: 'bad'; value: BadLine } | { kind: 'nothing' } {
  const bad = (field: ImportColumn, problem: LineProblem) => ({ kind: 'bad' as const, value: { line, field, problem } });
  const customer = readCustomer(cells);
  if (typeof customer === 'string') return bad(customer === 'not-an-email' ? 'email' : 'customer', customer);
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
  return { kind: 'line', value: { line, customer, points, expiresOn, occurredAtMs, reason: reason === '' ? null : reason } };
}

/** By the number where there is one: an e-mail may have become somebody else's. */
function readCustomer({ customer = '', email = '' }: Readonly<Partial<Record<ImportColumn, string>>>): WrittenLine['customer'] | 'not-a-customer' | 'not-an-email' {
  // Spreadsheets keep long numbers whole behind an apostrophe, and Shopify's own export writes one.
  const id = customer.trim().replace(/^'/, '').replace(/^gid:\/\/shopify\/Customer\//, '');
  if (id === '' && email.trim() !== '') {
    const address = email.trim().toLowerCase();
    return address.length <= LONGEST_EMAIL && /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>"]+$/.test(address) ? { by: 'email', email: address } : 'not-an-email';
  }
  return /^[1-9]\d{0,18}$/.test(id) && BigInt(id) <= MAX_ID ? { by: 'id', id: BigInt(id) } : 'not-a-customer';
}

/**
 * By which a line is known again in another file: a file that was saved anew has other bytes, and the same customers,
 * points and days. What has no day in its file is the same as what had none.
 */
export function sameLineKey({ customerId, points, occurredAtMs }: Pick<ImportLine, 'customerId' | 'points' | 'occurredAtMs'>, timeZone: string): string {
  return `${customerId}/${points}/${occurredAtMs === null ? '' : dayOfInstant(occurredAtMs, timeZone)}`;
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
  /** Left out since an earlier file brought the same: see `sameLineKey`. */
  readonly repeatedLines: number;
  readonly repeatedAddedPoints: number;
  readonly repeatedTakenPoints: number;
  /** Of lines that are none of these: what they add, and what they take. */
  readonly addedPoints: number;
  readonly takenPoints: number;
  /** The first ones, for whoever mends the file. */
  readonly bad: readonly BadLine[];
  /** By the number or the e-mail that the file has. */
  readonly unknown: readonly { readonly line: number; readonly customer: string }[];
}

const NONE_REPEATED = { repeatedLines: 0, repeatedAddedPoints: 0, repeatedTakenPoints: 0 };
export const EMPTY_COUNT: ImportCount = { lines: 0, badLines: 0, unknownLines: 0, knownLines: 0, ...NONE_REPEATED, addedPoints: 0, takenPoints: 0, bad: [], unknown: [] };
export const SHOWN_LINES = 20;

export function addCounts(a: ImportCount, b: ImportCount): ImportCount {
  return {
    lines: a.lines + b.lines,
    badLines: a.badLines + b.badLines,
    unknownLines: a.unknownLines + b.unknownLines,
    knownLines: a.knownLines + b.knownLines,
    repeatedLines: a.repeatedLines + b.repeatedLines,
    repeatedAddedPoints: a.repeatedAddedPoints + b.repeatedAddedPoints,
    repeatedTakenPoints: a.repeatedTakenPoints + b.repeatedTakenPoints,
    addedPoints: a.addedPoints + b.addedPoints,
    takenPoints: a.takenPoints + b.takenPoints,
    bad: [...a.bad, ...b.bad].slice(0, SHOWN_LINES),
    unknown: [...a.unknown, ...b.unknown].slice(0, SHOWN_LINES),
  };
}

/** What the page that imports is told of a piece. */
export type ImportAnswer =
  | { readonly outcome: 'counted'; readonly count: ImportCount }
  | { readonly outcome: 'refused'; readonly reason: HeaderProblem | 'no-program' | 'shopify-away' | 'emails-withheld' | 'not-allowed' | 'not-confirmed' | 'over-own-limit' | 'failed' };
