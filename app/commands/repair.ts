// What an operator may set going again for one shop, or let rest. All of it is safe to repeat; what is to be done, the
// worker does.
//
//   npm run repair -- SHOP                 webhooks that were given up: when each came, its topic, what it met, its id
//   npm run repair -- SHOP --redrive       gives them all their tries again
//   npm run repair -- SHOP --dismiss WEBHOOK_ID --by YOU --because WHY
//                                          lets one of them rest for good; who, why and when is kept for a year, so name no
//                                          customer in it
//   npm run repair -- SHOP --reconcile     compares every order with Shopify's, and mends what differs
//   npm run repair -- SHOP --import        pulls the whole history anew
//
// SHOP is the domain, example.myshopify.com. It needs the environment that web and worker run in.
import { parseArgs } from 'node:util';

import { findShop } from '#app/adapters/db/shop-registry.server.ts';
import { shopContext } from '#app/context.server.ts';
import { pool, prisma } from '#app/db.server.ts';
import { requestReconciliation } from '#app/services/sync/reconcile/request-reconciliation.server.ts';
import { restartImports } from '#app/services/sync/restart-imports.server.ts';
import { dismissDeadWebhook, loadDeadWebhooks, redriveDeadWebhooks } from '#app/services/sync/webhooks/dead-webhooks.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const USAGE = 'Usage: npm run repair -- SHOP [--redrive | --dismiss WEBHOOK_ID --by YOU --because WHY | --reconcile | --import]';

type Wish = { kind: 'list' | 'redrive' | 'reconcile' | 'import' } | { kind: 'dismiss'; webhookId: string; by: string; reason: string };

function readWords(): { domain: string; wish: Wish } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      redrive: { type: 'boolean' }, reconcile: { type: 'boolean' }, import: { type: 'boolean' },
      dismiss: { type: 'string' }, by: { type: 'string' }, because: { type: 'string' },
    },
  });
  const [domain, ...more] = positionals;
  const { dismiss: webhookId, by, because, ...others } = values;
  const [kind, ...rivals] = (['redrive', 'reconcile', 'import'] as const).filter((word) => others[word] === true);
  if (domain === undefined || more.length > 0 || rivals.length > 0) throw new Error(USAGE);
  if (webhookId === undefined) {
    if (by !== undefined || because !== undefined) throw new Error(USAGE);
    return { domain, wish: { kind: kind ?? 'list' } };
  }
  if (kind !== undefined || !by?.trim() || !because?.trim()) throw new Error(USAGE);
  return { domain, wish: { kind: 'dismiss', webhookId, by: by.trim(), reason: because.trim() } };
}

/** Throws what the operator did wrong, in words. */
async function repair(context: ShopContext, wish: Wish): Promise<string> {
  switch (wish.kind) {
    case 'list': {
      const dead = await loadDeadWebhooks(context);
      const lines = dead.map(({ receivedAt, topic, outcome, tries, webhookId, canRedrive }) =>
        [receivedAt.toISOString(), topic, outcome ?? '-', `${tries} tries`, canRedrive ? 'can be tried again' : 'set aside for good', webhookId].join('  '),
      );
      return lines.length > 0 ? lines.join('\n') : 'No webhook was given up.';
    }
    case 'redrive':
      return `${await redriveDeadWebhooks(context, 'all')} webhooks will be tried again.`;
    case 'dismiss': {
      const dismissed = await dismissDeadWebhook(context, wish);
      if (!dismissed.ok) {
        throw new Error(dismissed.reason === 'unknown' ? `The shop has no webhook ${wish.webhookId}.` : `Webhook ${wish.webhookId} was not given up: there is nothing to dismiss.`);
      }
      const { by, at, reason } = dismissed.dismissal;
      return `${dismissed.isNew ? 'Dismissed' : 'Dismissed before'} by ${by}, ${at.toISOString()}: ${reason}`;
    }
    case 'reconcile':
      await requestReconciliation(context, { scope: 'all', cause: 'asked' });
      return 'Every order will be compared with Shopify.';
    case 'import':
      await restartImports(context);
      return 'The history will be pulled anew.';
  }
}

try {
  const { domain, wish } = readWords();
  const shop = await findShop(prisma, domain);
  if (shop === null) throw new Error(`No shop ${domain} is known. Give its domain, example.myshopify.com.`);
  console.log(await repair(shopContext(shop), wish));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await prisma.$disconnect();
  await pool.end();
}
