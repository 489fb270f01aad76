/*
 * The worker's turns for one shop's points, in a process that a test may kill: awards until there are none left, then what
 * time does. Says `ready` before the first turn. Arguments: the shop's id, its domain, what the clock says.
 */
import { inShopOf } from '#app/adapters/db/tenant.server.ts';
import { pool, prisma } from '#app/db.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';
import { awardOrders } from '#app/services/loyalty/award-orders.server.ts';
import { passTime } from '#app/services/loyalty/pass-time.server.ts';

const [shopId = '', domain = '', clock = ''] = process.argv.slice(2);
const shop = { shopId: Number(shopId), domain };
const context = { ...systemRuntime, shop, pool, sealedBox, inShop: inShopOf(prisma, shop), now: () => new Date(clock), admin: () => Promise.reject(new Error('this shop has no Shopify')) };
process.stdout.write('ready\n');
while ((await awardOrders(context)) === 'more');
while ((await passTime(context)) === 'more');
process.exit(0);
