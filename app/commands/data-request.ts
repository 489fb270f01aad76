// What Perennial holds of a customer who asked their merchant for it (customers/data_request), for the merchant to hand
// on. Shopify gives 30 days for that; the answer was collected when the request came.
//
//   npm run data-request -- SHOP --list        open requests of a shop: when each came, its id, what came of it
//   npm run data-request -- SHOP WEBHOOK_ID    that answer as JSON on standard output
//
// SHOP is the domain, example.myshopify.com. It needs the environment that web and worker run in. Merchants find the same
// on their own page, so this is for when that does not work. The answer names a person's orders: send it to nobody but
// the merchant, and keep no copy. That it was opened here is on record for the merchant to see.
import { findShop } from '#app/adapters/db/shop-registry.server.ts';
import { shopContext } from '#app/context.server.ts';
import { pool, prisma } from '#app/db.server.ts';
import { handOnDataRequest } from '#app/services/privacy/hand-on-data-request.server.ts';
import { loadOpenDataRequests } from '#app/services/privacy/load-data-requests.server.ts';

/** Throws what the operator did wrong, in words. */
async function answer(domain: string | undefined, wanted: string | undefined): Promise<string> {
  if (!domain || !wanted) throw new Error('Usage: npm run data-request -- SHOP WEBHOOK_ID|--list');
  const shop = await findShop(prisma, domain);
  if (shop === null) throw new Error(`No shop ${domain} is known. Give its domain, example.myshopify.com.`);
  const context = shopContext(shop);
  if (wanted === '--list') {
    const open = await loadOpenDataRequests(context);
    const lines = open.map((request) => [request.requestedAt.toISOString(), request.webhookId, request.outcome].join('  '));
    return lines.length > 0 ? lines.join('\n') : `${domain} has no open request.`;
  }
  const handover = { webhookId: wanted, actor: 'operator', action: 'data-request-terminal' } as const;
  const opened = await handOnDataRequest(context, handover);
  if (opened === null) throw new Error(`${domain} has no open request ${wanted}. --list names those it has.`);
  return JSON.stringify(opened.answer, null, 2);
}

try {
  const [domain, wanted] = process.argv.slice(2);
  console.log(await answer(domain, wanted));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await prisma.$disconnect();
  await pool.end();
}
