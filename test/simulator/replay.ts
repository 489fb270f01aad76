import type { BulkOperation } from './bulk/bulk-operations.ts';
import type { CodeBatch } from './code-batches.ts';
import type { AccessGrant, Installation } from './grants.ts';
import type { JournalLine } from './journal.ts';
import type { Platform } from './platform.ts';
import type { SimRecords } from './simulator.ts';
import type { SimShop } from './state.ts';
import type { WebhookDelivery, WebhookSubscription } from './webhooks.ts';

/** The values behind each kind of line, as their owners wrote them. */
interface JournalValues extends SimRecords {
  reservedIds: number;
  installation: Installation;
  grant: AccessGrant;
  bulk: BulkOperation;
  codeBatch: CodeBatch;
  subscriptions: WebhookSubscription[];
  lostTopics: string[];
  delivery: WebhookDelivery;
  clock: number;
}

/**
 * Puts one line of the journal back into memory. The journal is written by this program only, so that its values are
 * taken as what their kind says: this is the parser, and the one place where that trust is given.
 */
export function restoreLine(platform: Platform, line: JournalLine): void {
  const value = <K extends keyof JournalValues>(_kind: K): JournalValues[K] => line.value as JournalValues[K];
  const store = line.shop === null ? undefined : platform.shops.get(line.shop);
  switch (line.kind) {
    case 'shop':
      restoreShop(platform, value('shop'));
      return;
    case 'product':
    case 'customer':
    case 'order':
    case 'discount':
    case 'automaticDiscount':
    case 'segment':
    case 'metafieldDefinition':
      store?.restore(line.kind, value(line.kind));
      return;
    case 'reservedIds':
      store?.skipIds(value('reservedIds'));
      return;
    case 'installation':
      platform.grants.restoreInstallation(value('installation'));
      return;
    case 'grant':
      platform.grants.restoreGrant(value('grant'));
      return;
    case 'bulk':
      platform.bulk.restore(value('bulk'));
      return;
    case 'codeBatch':
      platform.codeBatches.restore(value('codeBatch'));
      return;
    case 'subscriptions':
      platform.restoreSubscriptions(line.shop ?? '', value('subscriptions'));
      return;
    case 'lostTopics':
      platform.restoreLostTopics(line.shop ?? '', value('lostTopics'));
      return;
    case 'delivery':
      platform.webhooks.restore(value('delivery'));
      return;
    case 'clock':
      platform.restoreClock(value('clock'));
      return;
    default:
      throw new Error(`The journal holds a "${line.kind}", which this version of the local Shopify does not know.`);
  }
}

function restoreShop(platform: Platform, shop: SimShop): void {
  const known = platform.shops.get(shop.domain);
  if (known) known.restore('shop', shop);
  else platform.addShop(shop);
}
