import type pg from 'pg';
import { z } from 'zod';

import { loadVersionsUpTo } from '#app/adapters/db/loyalty/program-versions.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { ProgramVersion } from '#app/domain/loyalty/program/version-in-force.ts';

/** What a shop's points go by. */
export interface ReadTerms {
  /** The oldest first; at least one. */
  readonly versions: readonly ProgramVersion[];
  readonly newest: ProgramVersion;
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
 * What holds now, on one way to the database unless this process meets a version for the first time. Null before a program
 * was saved, and while the shop's currency and time zone are not known.
 */
export async function readTerms(connection: pg.PoolClient, shop: ShopRef): Promise<ReadTerms | null> {
  const { rows } = await connection.query({
    name: 'read-terms',
    text: `SELECT s.currency, s.iana_time_zone, v.version, v.saved_at
      FROM shops s JOIN loyalty_program_versions v ON v.shop_id = s.shop_id
      WHERE s.shop_id = $1 AND s.currency IS NOT NULL AND s.iana_time_zone IS NOT NULL
      ORDER BY v.version DESC LIMIT 1`,
    values: [shop.shopId],
  });
  if (rows[0] === undefined) return null;
  const { version, currency, iana_time_zone: timeZone, saved_at: savedAt } = rowSchema.parse(rows[0]);
  const versions = await loadVersionsUpTo(connection, shop, { version, savedAtMs: savedAt.getTime() });
  const newest = versions.at(-1);
  return newest === undefined ? null : { versions, newest, currency, timeZone };
}
