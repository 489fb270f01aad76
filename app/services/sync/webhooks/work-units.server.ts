import { beginTries, markHandled } from '#app/adapters/db/webhook-inbox.repository.server.ts';
import { noteWebhooksHandled } from '#app/adapters/metrics/metrics.server.ts';
import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import { nextTryAt, postponeWebhooks, type WebhookFailure } from '#app/services/sync/webhooks/postpone-webhooks.server.ts';
import {
  deliveriesOf,
  idsOf,
  type InboxItem,
  type RecordItem,
  type WorkItem,
} from '#app/services/sync/webhooks/read-inbox.server.ts';
import {
  readRecords,
  RECORDS_A_READ,
  storeRecords,
  type UnitReadings,
} from '#app/services/sync/webhooks/refresh-records.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What is read, stored and, when it fails, postponed together. */
type Unit =
  | { kind: 'work'; item: WorkItem; isAlone: true }
  /** Nothing else is under way beside one that is alone. */
  | { kind: 'order' | 'customer'; items: RecordItem[]; isAlone: boolean };

/** Of one outage few see so many: those that were read while nothing else was tried. One that always makes Shopify fail does. */
const OUTAGES_OF_ITS_OWN = 3;

/**
 * One unit for each piece of work; records go together as many as one read takes. What was tried before goes alone: if
 * it fails again, or takes the worker with it, nothing else does; and it goes last, since an outage ends the turn.
 */
export function unitsOf(items: readonly InboxItem[]): Unit[] {
  const units: Unit[] = [];
  const suspects: RecordItem[] = [];
  const open = new Map<string, RecordItem[]>();
  for (const item of items) {
    if (item.kind === 'work') {
      units.push({ kind: 'work', item, isAlone: true });
      continue;
    }
    if (isSuspect(item)) {
      suspects.push(item);
      continue;
    }
    const known = open.get(item.kind);
    if (known && known.length < RECORDS_A_READ[item.kind]) {
      known.push(item);
      continue;
    }
    const unit = { kind: item.kind, items: [item], isAlone: false };
    units.push(unit);
    open.set(item.kind, unit.items);
  }
  suspects.sort((a, b) => triesOf(a) - triesOf(b));
  return [...units, ...suspects.map((item): Unit => ({ kind: item.kind, items: [item], isAlone: true }))];
}

function isSuspect(item: RecordItem): boolean {
  return deliveriesOf(item).some(({ attempts, outages }) => attempts > 0 || outages >= OUTAGES_OF_ITS_OWN);
}

function triesOf(item: RecordItem): number {
  return Math.max(...deliveriesOf(item).map(({ attempts, outages }) => attempts + outages));
}

export interface WorkLimits {
  /** How long a turn goes on beginning new units, so that other shops get theirs. */
  turnMs: number;
  /** How long one unit may take. What hangs for longer is counted as failed and left behind. */
  unitDeadlineMs: number;
}

/**
 * Works through the units until the turn's time is over, and ends at the first outage: the next unit would only wait for
 * the same Shopify. Of two reads of records the second begins while the first is stored.
 */
export async function workThrough(context: ShopContext, units: readonly Unit[], limits: WorkLimits): Promise<WebhookFailure[]> {
  const endsAtMs = context.monotonicMs() + limits.turnMs;
  const failures: WebhookFailure[] = [];
  let isOutage = false;
  let ahead: BegunUnit | undefined;
  for (const [index, unit] of units.entries()) {
    const mayBegin = index === 0 || (!isOutage && context.monotonicMs() < endsAtMs);
    if (ahead === undefined && !mayBegin) break;
    const current = ahead ?? begin(context, unit, limits);
    const next = units[index + 1];
    const goesOn = next !== undefined && !isOutage && context.monotonicMs() < endsAtMs;
    ahead = goesOn && !unit.isAlone && !next.isAlone ? begin(context, next, limits) : undefined;
    const failed = await finish(context, current, limits);
    failures.push(...failed);
    isOutage ||= failed.some(({ error }) => error instanceof ShopifyUnavailableError);
  }
  return failures;
}

interface BegunUnit {
  unit: Unit;
  /** Of records; an error is kept until somebody asks for it. */
  reading: Promise<{ ok: true; readings: UnitReadings | null } | { ok: false; error: unknown }>;
}

function begin(context: ShopContext, unit: Unit, { unitDeadlineMs }: WorkLimits): BegunUnit {
  const deliveries = deliveriesOfUnit(unit);
  const read = async (): Promise<UnitReadings | null> => {
    const [first] = deliveries;
    if (!first) return null;
    const notBefore = nextTryAt(context.now(), first);
    await context.inShop((db) => beginTries(db, context.shop, idsOf(deliveries), notBefore));
    return unit.kind === 'work' ? null : readRecords(context, unit.kind, unit.items);
  };
  return {
    unit,
    reading: withinMs(unitDeadlineMs, read).then(
      (readings) => ({ ok: true, readings }),
      (error: unknown) => ({ ok: false, error }),
    ),
  };
}

async function finish(context: ShopContext, { unit, reading }: BegunUnit, { unitDeadlineMs }: WorkLimits): Promise<WebhookFailure[]> {
  const failures: WebhookFailure[] = [];
  try {
    const read = await reading;
    if (!read.ok) throw read.error;
    const failed = await withinMs(unitDeadlineMs, async () => {
      if (unit.kind === 'work') return work(context, unit.item);
      return read.readings === null ? [] : storeRecords(context, unit.items, read.readings);
    });
    for (const { deliveries, error } of failed) {
      failures.push(...(await postponeWebhooks(context, deliveries, error, { isBegun: true })));
    }
  } catch (error) {
    failures.push(...(await postponeWebhooks(context, deliveriesOfUnit(unit), error, { isBegun: true })));
  }
  return failures;
}

async function work(context: ShopContext, item: WorkItem): Promise<[]> {
  const latest = item.deliveries.at(-1);
  if (!latest) return [];
  const { inShop, shop, now } = context;
  const outcome = await item.work(context, latest);
  await inShop((db) => markHandled(db, shop, idsOf(item.deliveries), outcome, now()));
  noteWebhooksHandled('handled', item.deliveries.length);
  return [];
}

function deliveriesOfUnit(unit: Unit): WebhookDelivery[] {
  return unit.kind === 'work' ? unit.item.deliveries : unit.items.flatMap(deliveriesOf);
}

export class UnitTimeoutError extends Error {
  override name = 'UnitTimeoutError';
}

/** What goes on after its deadline does no harm: it stores what is true, and marks what is done. */
async function withinMs<T>(deadlineMs: number, run: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new UnitTimeoutError(`Not done within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([run(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
