/*
 * A process of the app that asks Shopify one question for one store and says what came of it, for tests that end such a
 * process in the middle: `ask-shopify.cli.ts <domain>`.
 */
import { findShop } from '#app/adapters/db/shop-registry.server.ts';
import { loadHistoryCounts } from '#app/adapters/shopify/bulk-operations.server.ts';
import { shopContext } from '#app/context.server.ts';
import { pool, prisma } from '#app/db.server.ts';

const shop = await findShop(prisma, process.argv[2] ?? '');
if (!shop) throw new Error('No such shop');
const { orders } = await loadHistoryCounts(shopContext(shop).admin);
process.stdout.write(`orders: ${orders}\n`);
await prisma.$disconnect();
await pool.end();
