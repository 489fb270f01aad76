import type pg from 'pg';

import { markHandledOn } from '#app/adapters/db/webhook-inbox.repository.server.ts';
import { noteWebhooksHandled } from '#app/adapters/metrics/metrics.server.ts';
import {
  CUSTOMERS_A_READ,
  loadCustomersById,
  loadOrdersById,
  ORDERS_A_READ,
  type CurrentOrder,
  type Reading,
  type Readings,
} from '#app/adapters/shopify/load-records.server.ts';
import type { CustomerRecord } from '#app/adapters/shopify/parse-customer.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import { storeCustomers } from '#app/services/sync/refresh-customer.server.ts';
import { storeOrders } from '#app/services/sync/refresh-order.server.ts';
import { isPatienceOver, NotYetError } from '#app/services/sync/webhooks/not-yet.ts';
import type { RecordDelivery, RecordItem } from '#app/services/sync/webhooks/read-inbox.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const SECOND_MS = 1_000;

export const RECORDS_A_READ = { order: ORDERS_A_READ, customer: CUSTOMERS_A_READ } as const;

/** What Shopify said of the records of a unit. */
export type UnitReadings = { kind: 'order'; of: Readings<CurrentOrder> } | { kind: 'customer'; of: Readings<CustomerRecord> };

/** One webhook, or several of one record, that were not handled although those beside it were. */
export interface FailedDeliveries {
  deliveries: WebhookDelivery[];
  error: Error;
}

export async function readRecords({ admin }: ShopContext, kind: RecordItem['kind'], items: readonly RecordItem[]): Promise<UnitReadings> {
  const ids = items.map(({ id }) => id);
  const readings: UnitReadings =
    kind === 'order'
      ? { kind, of: await loadOrdersById(admin, ids) }
      : { kind, of: await loadCustomersById(admin, ids) };
  await failpoint('webhook-after-fetch');
  return readings;
}

/** Stores what was read and marks the webhooks that told of it as handled, both or neither. */
export async function storeRecords(
  context: ShopContext,
  items: readonly RecordItem[],
  readings: UnitReadings,
): Promise<FailedDeliveries[]> {
  const removed = new Set(items.filter(({ about }) => about.some(({ isRemoval }) => isRemoval)).map(({ id }) => id));
  let verdict: Verdict = { handled: new Map(), failed: [] };
  const alongside = async (connection: pg.PoolClient, outcomes: ReadonlyMap<bigint, string>): Promise<void> => {
    verdict = judge(items, readings, outcomes);
    await failpoint('webhook-before-mark');
    await markHandledOn(connection, context.shop, verdict.handled, context.now());
  };
  if (readings.kind === 'order') await storeOrders(context, { readings: readings.of, removed, alongside });
  else await storeCustomers(context, { readings: readings.of, removed, alongside });
  noteWebhooksHandled('handled', verdict.handled.size);
  return verdict.failed;
}

interface Verdict {
  /** Webhook id to outcome. */
  handled: Map<string, string>;
  failed: FailedDeliveries[];
}

function judge(items: readonly RecordItem[], readings: UnitReadings, outcomes: ReadonlyMap<bigint, string>): Verdict {
  const verdict: Verdict = { handled: new Map(), failed: [] };
  const tooEarly: WebhookDelivery[] = [];
  for (const { id, about } of items) {
    const reading = readings.of.get(id);
    if (!reading || reading.kind === 'unreadable') {
      const error = reading?.error ?? new Error('A record was asked for and not answered');
      verdict.failed.push({ deliveries: about.map(({ delivery }) => delivery), error });
      continue;
    }
    const outcome = outcomes.get(id) ?? 'not-found';
    for (const one of about) {
      const late = isFromBefore(one, reading, outcome);
      if (late && !isPatienceOver(one.delivery)) tooEarly.push(one.delivery);
      else verdict.handled.set(one.delivery.webhookId, one.isRemoval && late ? 'still-there' : outcome);
    }
  }
  if (tooEarly.length > 0) verdict.failed.push({ deliveries: tooEarly, error: new NotYetError('Shopify does not know of it yet') });
  return verdict;
}

/** Whether the answer is from before what the webhook tells of. */
function isFromBefore(
  { isRemoval, version }: RecordDelivery,
  reading: Reading<CurrentOrder | CustomerRecord>,
  outcome: string,
): boolean {
  if (reading.kind !== 'found') return outcome === 'not-found';
  if (isRemoval) return true;
  if (version === null) return false;
  const { updatedAt } = 'order' in reading.record ? reading.record.order : reading.record;
  return Math.floor(updatedAt.getTime() / SECOND_MS) < Math.floor(version.getTime() / SECOND_MS);
}
