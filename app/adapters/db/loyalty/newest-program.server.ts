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
  saved_at: z.date(),
});

/**
 * What holds now, with the shop that it holds for, in one way to the database unless the process sees the version for the
 * first time. Null before a program was saved, and while the shop's currency and time zone are not known.
 */
export async function readNewestProgram(connection: pg.PoolClient, { shopId }: ShopRef): Promise<NewestProgram | null> {
  const { rows } = await connection.query({
    name: 'read-newest-program',
    text: `SELECT s.currency, s.iana_time_zone, v.version, v.saved_at
      FROM shops s JOIN loyalty_program_versions v ON v.shop_id = s.shop_id
      WHERE s.shop_id = $1 AND s.currency IS NOT NULL AND s.iana_time_zone IS NOT NULL
      ORDER BY v.version DESC LIMIT 1`,
    values: [shopId],
  });
  if (rows[0] === undefined) return null;
  const { version, currency, iana_time_zone: timeZone, saved_at: savedAt } = rowSchema.parse(rows[0]);
  const savedAtMs = savedAt.getTime();
  return { version, program: await programOf(connection, { shopId, version, savedAtMs }), savedAtMs, currency, timeZone };
}

interface VersionOfShop {
  readonly shopId: number;
  readonly version: number;
  readonly savedAtMs: number;
}

const MOST_KNOWN = 100;
const known = new Map<string, Program>();

/** A version never changes, and reading and checking one takes longer than the rest of a redemption. */
async function programOf(connection: pg.PoolClient, { shopId, version, savedAtMs }: VersionOfShop): Promise<Program> {
  const key = `${shopId}/${version}/${savedAtMs}`;
  const earlier = known.get(key);
  if (earlier !== undefined) return earlier;
  const { rows } = await connection.query<{ program: unknown }>({
    name: 'read-program-version',
    text: 'SELECT program FROM loyalty_program_versions WHERE shop_id = $1 AND version = $2',
    values: [shopId, version],
  });
  const program = programSchema.parse(rows[0]?.program);
  const [oldest] = known.keys();
  if (oldest !== undefined && known.size >= MOST_KNOWN) known.delete(oldest);
  known.set(key, program);
  return program;
}
