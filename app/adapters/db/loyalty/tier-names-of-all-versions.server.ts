import { z } from 'zod';

import type { TenantDb } from '#app/adapters/db/tenant.server.ts';

const rowsSchema = z.array(z.object({ tier_id: z.string(), name: z.string() }));

/** Of every tier that the shop's program ever had: as it is called now, or was when it last had a name. */
export async function loadTierNamesOfAllVersions(db: TenantDb, { shopId }: { shopId: number }): Promise<ReadonlyMap<string, string>> {
  const rows = await db.$queryRaw`
    SELECT DISTINCT ON (level ->> 'id') level ->> 'id' AS tier_id, level ->> 'name' AS name
    FROM loyalty_program_versions v, jsonb_path_query(v.program, '$.tiers.levels[*]') level
    WHERE v.shop_id = ${shopId} AND level ->> 'name' <> '' ORDER BY level ->> 'id', v.version DESC`;
  return new Map(rowsSchema.parse(rows).map(({ tier_id: tierId, name }) => [tierId, name]));
}
