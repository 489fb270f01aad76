import type pg from 'pg';
import { z } from 'zod';

import { programSchema } from '#app/adapters/db/loyalty/program-schema.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';

export interface NewestProgram {
  readonly version: number;
  readonly program: Program;
  readonly savedAtMs: number;
  readonly currency: string;
  readonly timeZone: string;
}

const rowSchema = z.object({
  currency: z.string(),
  iana_time_zone: z.string(),
  version: z.number().int(),
  program: z.string(),
  saved_at: z.date(),
});

/**
 * What holds now, with the shop that it holds for, in one way to the database. Null before a program was saved, and while
 * the shop's currency and time zone are not known.
 */
export async function readNewestProgram(connection: pg.PoolClient, { shopId }: ShopRef): Promise<NewestProgram | null> {
  const { rows } = await connection.query({
    name: 'read-newest-program',
    text: `SELECT s.currency, s.iana_time_zone, v.version, v.program::text AS program, v.saved_at
      FROM shops s JOIN loyalty_program_versions v ON v.shop_id = s.shop_id
      WHERE s.shop_id = $1 AND s.currency IS NOT NULL AND s.iana_time_zone IS NOT NULL
      ORDER BY v.version DESC LIMIT 1`,
    values: [shopId],
  });
  if (rows[0] === undefined) return null;
  const { version, program, currency, iana_time_zone: timeZone, saved_at: savedAt } = rowSchema.parse(rows[0]);
  return { version, program: parseProgram(program), savedAtMs: savedAt.getTime(), currency, timeZone };
}

const MOST_PARSED = 100;
const parsed = new Map<string, Program>();

/** The same text is the same program, and most redemptions of a process are under a few: checking one takes longer than all else. */
function parseProgram(text: string): Program {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const program = programSchema.parse(JSON.parse(text));
  const [oldest] = parsed.keys();
  if (oldest !== undefined && parsed.size >= MOST_PARSED) parsed.delete(oldest);
  parsed.set(text, program);
  return program;
}
