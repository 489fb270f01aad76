import pg from 'pg';
import { z } from 'zod';

import { EntryExistsError } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { UnsoundEntryError } from '#app/domain/loyalty/ledger/entry.ts';

/** What PostgreSQL says of values (22), of rules that they break (23), and by our triggers (P0). */
const OF_DATA = /^(22|23|P0)/;

/**
 * Whether an award failed by what it was about, and would for as long as that is so: everything else, such as a database
 * that is away, ends by itself and is waited for.
 */
export function isOfOneOrder(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return OF_DATA.test(error.code ?? '');
  return [EntryExistsError, UnsoundEntryError, z.ZodError, RangeError, TypeError].some((kind) => error instanceof kind);
}
