import type pg from 'pg';

import { loadEarlierImports } from '#app/adapters/db/loyalty/earlier-imports.server.ts';
import { loadUnknownCustomers } from '#app/adapters/db/loyalty/known-customers.server.ts';
import { LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import type { HeldMember } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { enrolCustomers, holdMembers } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { appendNotes, findExistingKeys } from '#app/adapters/db/loyalty/notes.repository.server.ts';
import type { EntryNote } from '#app/adapters/db/loyalty/notes.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { readImportLines } from '#app/adapters/orders-export/read-import-lines.ts';
import type { Silence } from '#app/adapters/shopify/customer-names.server.ts';
import { findCustomersByEmail } from '#app/adapters/shopify/customers-by-email.server.ts';
import { lotTermsOf } from '#app/domain/loyalty/ledger/lot-terms.ts';
import { planAdjustment } from '#app/domain/loyalty/ledger/plan-adjustment.ts';
import { addCounts, EMPTY_COUNT, sameLineKey, SHOWN_LINES } from '#app/domain/loyalty/members/import-lines.ts';
import type { ImportAnswer, ImportCount, ImportLine, WrittenLine } from '#app/domain/loyalty/members/import-lines.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { dueMsOf, loadProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { AskingStaff } from '#app/services/staff/identify-staff.server.ts';
import { isWithin, judgeAdjusting } from '#app/services/staff/judge-adjusting.server.ts';

/** A piece of a file, with the file's header and what names the file: the SHA-256 of all its bytes, in hexadecimal. */
export interface ImportPiece {
  fileHash: string;
  /** Stands beside entries whose line gives no reason. */
  fileName: string;
  header: string;
  text: string;
  /** Of the file, where the piece begins. */
  firstLine: number;
  /** Says what an import would do, and does nothing. */
  isDryRun: boolean;
  /** Lines that an earlier file brought are taken too; otherwise they are left out, in a dry run always. */
  takesRepeated: boolean;
}

/** Their members' rows are held together, for some 50 ms. */
const LINES_A_TURN = 400;

type ImportContext = Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'now' | 'admin' | 'sealedBox'>;

/**
 * Enters points from another program's file. Each line is one entry whose key is the file and the line, so that sending a
 * piece twice, or the whole file again, changes nothing, and an import that broke off goes on. Customers that the store
 * does not have are left out: a later turn of the same file takes them once it does. E-mails are asked of Shopify, between
 * transactions, and are nowhere kept. Whoever may not move as many points at once as a line does imports nothing of the piece.
 */
export async function importPoints(context: ImportContext, piece: ImportPiece, asking: AskingStaff): Promise<ImportAnswer> {
  const { shop, inShop, pool, now } = context;
  const terms = await inShop((db) => loadProgramTerms(db, context));
  if (terms === null) return { outcome: 'refused', reason: 'no-program' };
  const nowMs = now().getTime();
  const read = readImportLines(piece, { today: dayOfInstant(nowMs, terms.timeZone), nowMs, timeZone: terms.timeZone });
  if (!read.ok) return { outcome: 'refused', reason: read.problem };
  const judged = await judgeAdjusting(context, asking);
  if (!judged.ok) return { outcome: 'refused', reason: judged.reason };
  if (read.value.lines.some(({ points }) => !isWithin(judged.value, points))) return { outcome: 'refused', reason: 'over-own-limit' };
  const { staffId } = asking;
  const { badLines, bad } = read.value;
  const known = await nameCustomers(context.admin, read.value.lines);
  if (typeof known === 'string') return { outcome: 'refused', reason: known === 'away' ? 'shopify-away' : 'emails-withheld' };
  const { lines, unknown } = known;
  let count: ImportCount = { ...EMPTY_COUNT, lines: read.value.lines.length, badLines, bad, unknownLines: unknown.length, unknown: unknown.slice(0, SHOWN_LINES) };
  for (let from = 0; from < lines.length; from += LINES_A_TURN) {
    const turn = { lines: lines.slice(from, from + LINES_A_TURN), terms, piece, staffId };
    count = addCounts(count, await withTenantConnection(pool, shop, (connection) => importLines(context, connection, turn)));
  }
  return { outcome: 'counted', count };
}

interface NamedLines {
  lines: ImportLine[];
  unknown: ImportCount['unknown'][number][];
}

/** The lines with their customers' numbers, and those whose e-mail is nobody's. */
async function nameCustomers(admin: ImportContext['admin'], written: readonly WrittenLine[]): Promise<NamedLines | Silence> {
  const emails = written.flatMap(({ customer }) => (customer.by === 'email' ? [customer.email] : []));
  const found = await findCustomersByEmail(admin, emails);
  if (typeof found === 'string') return found;
  const { lines, unknown }: NamedLines = { lines: [], unknown: [] };
  for (const { customer, ...facts } of written) {
    const customerId = customer.by === 'id' ? customer.id : found.get(customer.email);
    if (customerId !== undefined) lines.push({ ...facts, customerId });
    else if (customer.by === 'email') unknown.push({ line: facts.line, customer: customer.email });
  }
  return { lines, unknown };
}

interface ImportTurn {
  lines: readonly ImportLine[];
  terms: ProgramTerms;
  piece: ImportPiece;
  staffId: string;
}

async function importLines(context: ImportContext, connection: pg.PoolClient, turn: ImportTurn): Promise<ImportCount> {
  const { shop, now } = context;
  const { piece, terms: { timeZone } } = turn;
  const keysBegin = `import/${piece.fileHash}/`;
  const keyOf = ({ line }: ImportLine) => `${keysBegin}${line}`;
  const { lines, unknown } = await nameWhoStayed(context, connection, turn.lines);
  const wanted = lines.filter(({ customerId }) => !unknown.has(customerId));
  const customerIds = wanted.map(({ customerId }) => customerId);
  const nowDate = now();
  const members = new Map<bigint, HeldMember>();
  if (!piece.isDryRun && wanted.length > 0) {
    await enrolCustomers(connection, shop, { customerIds, now: nowDate });
    for (const member of await holdMembers(connection, shop, { customerIds: [...new Set(customerIds)] })) members.set(member.customerId, member);
  }
  // After the rows are held: whoever imports the same at once has entered it by now.
  const known = await findExistingKeys(connection, shop, wanted.map(keyOf));
  const left = wanted.filter((line) => !known.has(keyOf(line)));
  const earlier = piece.takesRepeated ? [] : await loadEarlierImports(connection, shop, { customerIds: left.map(({ customerId }) => customerId), keysBegin });
  const brought = new Set(earlier.map((one) => sameLineKey(one, timeZone)));
  const repeated = left.filter((line) => brought.has(sameLineKey(line, timeZone)));
  const fresh = left.filter((line) => !brought.has(sameLineKey(line, timeZone)));
  if (!piece.isDryRun) await append(connection, { ...turn, lines: fresh, members, keyOf, nowDate, shop });
  const missing = lines.filter(({ customerId }) => unknown.has(customerId));
  return {
    ...EMPTY_COUNT,
    unknownLines: missing.length,
    knownLines: wanted.length - left.length,
    repeatedLines: repeated.length,
    repeatedAddedPoints: addedOf(repeated),
    repeatedTakenPoints: takenOf(repeated),
    addedPoints: addedOf(fresh),
    takenPoints: takenOf(fresh),
    unknown: missing.slice(0, SHOWN_LINES).map(({ line, customerId }) => ({ line, customer: String(customerId) })),
  };
}

/** Of customers who were merged since the file was written, the lines are of who stayed; and those whom the store does not have. */
async function nameWhoStayed({ shop, sealedBox }: ImportContext, connection: pg.PoolClient, written: readonly ImportLine[]): Promise<{ lines: readonly ImportLine[]; unknown: ReadonlySet<bigint> }> {
  const findUnknown = (lines: readonly ImportLine[]) => loadUnknownCustomers(connection, shop, lines.map(({ customerId }) => customerId));
  const gone = await findUnknown(written);
  if (gone.size === 0) return { lines: written, unknown: gone };
  const tombstones = await Tombstones.glanceOn(connection, sealedBox, shop);
  const lines = written.map((line) => {
    const ownerId = gone.has(line.customerId) ? tombstones.ownerAfterMerges(line.customerId) : line.customerId;
    // Who stayed was forgotten since: a pseudonym, to whom nothing is given.
    return ownerId > 0n ? { ...line, customerId: ownerId } : line;
  });
  return { lines, unknown: await findUnknown(lines) };
}

function addedOf(lines: readonly ImportLine[]): number {
  return lines.reduce((sum, { points }) => sum + Math.max(0, points), 0);
}

function takenOf(lines: readonly ImportLine[]): number {
  return lines.reduce((sum, { points }) => sum + Math.max(0, -points), 0);
}

interface Appending extends ImportTurn {
  members: ReadonlyMap<bigint, HeldMember>;
  keyOf: (line: ImportLine) => string;
  nowDate: Date;
  shop: ImportContext['shop'];
}

async function append(connection: pg.PoolClient, { lines, terms, members, keyOf, nowDate, shop, piece, staffId }: Appending): Promise<void> {
  const writer = new LedgerWriter(nowDate);
  const notes: EntryNote[] = [];
  const nowMs = nowDate.getTime();
  const usual = lotTermsOf({ program: terms.newest.program, occasionMs: nowMs, orderId: null, timeZone: terms.timeZone });
  for (const line of lines) {
    const member = members.get(line.customerId);
    // Forgotten while the file was read.
    if (member === undefined) continue;
    const entry = writer.append(
      member,
      planAdjustment(member.ledger, {
        kind: 'import',
        key: keyOf(line),
        points: line.points,
        terms: { ...usual, expiresOn: line.expiresOn ?? usual.expiresOn },
        occurredAtMs: line.occurredAtMs ?? nowMs,
        nowMs,
        reason: { code: 'from-file', line: line.line },
      }),
    );
    // Inactivity counts from the move at the earliest: nobody loses points on the day that they are brought along.
    member.lastActivityMs = nowMs;
    notes.push({ memberId: member.memberId, sequence: entry.sequence, note: line.reason ?? piece.fileName, staffId });
  }
  await writer.write(connection, shop, dueMsOf(terms, nowMs));
  await appendNotes(connection, shop, notes);
}
