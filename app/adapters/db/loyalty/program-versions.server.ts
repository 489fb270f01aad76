import type pg from 'pg';
import { z } from 'zod';

import { programSchema } from '#app/adapters/db/loyalty/program-schema.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { ProgramVersion } from '#app/domain/loyalty/program/version-in-force.ts';

const rowSchema = z.object({ version: z.number().int(), program: z.string(), saved_at: z.date() });

/** Of all shops together, so that what is kept stays within some tens of megabytes. */
const MOST_KEPT = 4_000;
const kept = new Map<number, readonly ProgramVersion[]>();

/**
 * All versions up to one that somebody sees, the oldest first, as far as this process has read them: null otherwise. A
 * version never changes once it is saved; of the newest, the moment is compared as well, since a restored backup brings
 * others.
 */
export function recallVersionsUpTo(
  { shopId }: Pick<ShopRef, 'shopId'>,
  newest: Pick<ProgramVersion, 'version' | 'savedAtMs'>,
): readonly ProgramVersion[] | null {
  const known = kept.get(shopId) ?? [];
  const last = known.at(-1);
  if (last !== undefined && isSame(last, newest)) return known;
  // Somebody else of this process may have seen a later one meanwhile.
  return known.some((version) => isSame(version, newest)) ? known.filter(({ version }) => version <= newest.version) : null;
}

/** The same, read where they were not yet: `newest` is one that this transaction sees. */
export async function loadVersionsUpTo(
  connection: pg.PoolClient,
  { shopId }: Pick<ShopRef, 'shopId'>,
  newest: Pick<ProgramVersion, 'version' | 'savedAtMs'>,
): Promise<readonly ProgramVersion[]> {
  const recalled = recallVersionsUpTo({ shopId }, newest);
  if (recalled !== null) return recalled;
  const known = kept.get(shopId) ?? [];
  const last = known.at(-1);
  const before = last !== undefined && last.version < newest.version ? known : [];
  const { rows } = await connection.query({
    name: 'load-versions-after',
    text: `SELECT version, program::text AS program, saved_at FROM loyalty_program_versions
      WHERE shop_id = $1 AND version > $2 AND version <= $3 ORDER BY version`,
    values: [shopId, before.at(-1)?.version ?? 0, newest.version],
  });
  const versions = [...before, ...rows.map(readVersion)];
  keep(shopId, versions);
  return versions;
}

/** The newest version that this process has seen: a guess at what a question will need. Null before the first. */
export function newestSeen({ shopId }: Pick<ShopRef, 'shopId'>): ProgramVersion | null {
  return kept.get(shopId)?.at(-1) ?? null;
}

function isSame(one: Pick<ProgramVersion, 'version' | 'savedAtMs'>, other: Pick<ProgramVersion, 'version' | 'savedAtMs'>): boolean {
  return one.version === other.version && one.savedAtMs === other.savedAtMs;
}

function readVersion(raw: unknown): ProgramVersion {
  const { version, program, saved_at: savedAt } = rowSchema.parse(raw);
  return { version, program: programSchema.parse(JSON.parse(program)), savedAtMs: savedAt.getTime() };
}

/** The shops that were read longest ago go first. */
function keep(shopId: number, versions: readonly ProgramVersion[]): void {
  kept.delete(shopId);
  if (versions.length > MOST_KEPT) return;
  kept.set(shopId, versions);
  let sum = [...kept.values()].reduce((total, { length }) => total + length, 0);
  for (const [oldest, { length }] of kept) {
    if (sum <= MOST_KEPT) return;
    kept.delete(oldest);
    sum -= length;
  }
}
