// What an operator may set going again for one shop. All of it is safe to repeat, and the worker does it.
//
//   npm run repair -- SHOP                 webhooks that were given up: when each came, its topic, what it met
//   npm run repair -- SHOP --redrive       gives them all their tries again
//   npm run repair -- SHOP --reconcile     compares every order with Shopify's, and mends what differs
//   npm run repair -- SHOP --import        pulls the whole history anew
//
// SHOP is the domain, example.myshopify.com. It needs the environment that web and worker run in.
import { findShop } from '#app/adapters/db/shop-registry.server.ts';
import { shopContext } from '#app/context.server.ts';
import { pool, prisma } from '#app/db.server.ts';
import { requestReconciliation } from '#app/services/sync/reconcile/request-reconciliation.server.ts';
import { restartImports } from '#app/services/sync/restart-imports.server.ts';
import { loadDeadWebhooks, redriveDeadWebhooks } from '#app/services/sync/webhooks/dead-webhooks.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Throws what the operator did wrong, in words. */
async function repair(context: ShopContext, wanted: string | undefined): Promise<string> {
  switch (wanted) {
    case undefined: {
      const dead = await loadDeadWebhooks(context);
      const lines = dead.map(({ receivedAt, topic, outcome, tries, webhookId, canRedrive }) =>
        [receivedAt.toISOString(), topic, outcome ?? '-', `${tries} tries`, canRedrive ? 'can be tried again' : 'set aside for good', webhookId].join('  '),
      );
      return lines.length > 0 ? lines.join('\n') : 'No webhook was given up.';
    }
    case '--redrive':
      return `${await redriveDeadWebhooks(context, 'all')} webhooks will be tried again.`;
    case '--reconcile':
      await requestReconciliation(context, { scope: 'all', cause: 'asked' });
      return 'Every order will be compared with Shopify.';
    case '--import':
      await restartImports(context);
      return 'The history will be pulled anew.';
    default:
      throw new Error('Usage: npm run repair -- SHOP [--redrive | --reconcile | --import]');
  }
}

try {
  const [domain, wanted] = process.argv.slice(2);
  const shop = domain === undefined ? null : await findShop(prisma, domain);
  if (shop === null) throw new Error(`No shop ${domain ?? ''} is known. Give its domain, example.myshopify.com.`);
  console.log(await repair(shopContext(shop), wanted));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await prisma.$disconnect();
  await pool.end();
}
