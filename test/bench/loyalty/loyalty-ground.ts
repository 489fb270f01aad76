import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { migrateDatabase } from '#test/support/migrate.ts';
import { startEmbeddedPostgres } from '#test/support/postgres.ts';
import { createSupervisor } from '#test/support/processes.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

/** A shop with a live program on a durable PostgreSQL, and the app's own modules around it. */
export interface LoyaltyGround {
  readonly owner: pg.Client;
  readonly context: ShopContext;
}

const PROGRAM: Program = (() => {
  const usual = defaultProgram({ currency: 'EUR', unitMinor: 100 });
  return { ...usual, status: { kind: 'live' }, earning: { ...usual.earning, welcomePoints: null } };
})();

export async function onLoyaltyGround<T>(work: (ground: LoyaltyGround) => Promise<T>): Promise<T> {
  const folder = join(PROJECT_DIR, '.perennial', 'bench');
  mkdirSync(folder, { recursive: true });
  const dataDir = mkdtempSync(join(folder, 'run-'));
  const supervisor = createSupervisor(join(dataDir, 'processes.json'));
  try {
    const server = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), supervisor, durability: 'durable' });
    await server.createDatabase('perennial_bench');
    const ownerUrl = server.ownerUrl('perennial_bench');
    await migrateDatabase(ownerUrl);
    const appUrl = (await server.prepareAppLogin())('perennial_bench');
    const owner = new pg.Client({ connectionString: ownerUrl });
    await owner.connect();
    try {
      return await withApp(appUrl, owner, work);
    } finally {
      await owner.end();
    }
  } finally {
    await supervisor.stopAll();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function withApp<T>(appUrl: string, owner: pg.Client, work: (ground: LoyaltyGround) => Promise<T>): Promise<T> {
  Object.assign(process.env, {
    DATABASE_URL: appUrl,
    SHOPIFY_API_KEY: 'bench',
    SHOPIFY_API_SECRET: 'bench',
    SHOPIFY_APP_URL: 'http://localhost',
    SCOPES: 'read_orders',
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    LOG_LEVEL: 'silent',
  });
  const { shopContext } = await import('#app/context.server.ts');
  const { pool, prisma } = await import('#app/db.server.ts');
  const { registerShop } = await import('#app/adapters/db/shop-registry.server.ts');
  const shop = await registerShop(prisma, 'bench.myshopify.com');
  await owner.query("UPDATE shops SET currency = 'EUR', iana_time_zone = 'Europe/Berlin', installed_at = now() WHERE shop_id = $1", [shop.shopId]);
  await owner.query('INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at) VALUES ($1, 1, $2, now())', [
    shop.shopId,
    JSON.stringify(PROGRAM),
  ]);
  try {
    return await work({ owner, context: shopContext(shop) });
  } finally {
    await prisma.$disconnect();
    await pool.end();
  }
}
