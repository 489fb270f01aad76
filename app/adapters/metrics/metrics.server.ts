import { Counter, Gauge, Histogram, register } from 'prom-client';

/*
 * What Perennial tells Prometheus. Labels are words of ours from short lists, never a shop, an id or anything that a
 * request brought. Web's listener and the built app each hold a copy of this file: prom-client's own registry, of which
 * there is one a process, is where they meet, so each metric is looked for there before it is made.
 */
function counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
  const known = register.getSingleMetric(name);
  return known instanceof Counter ? known : new Counter({ name, help, labelNames: [...labelNames] });
}

function histogram<Label extends string>(
  name: string,
  help: string,
  labelNames: readonly Label[],
  buckets: readonly number[],
): Histogram<Label> {
  const known = register.getSingleMetric(name);
  if (known instanceof Histogram) return known;
  return new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets] });
}

/** Figures that are read when somebody asks for them; `collect` sets them. */
export function gauge<Label extends string>(
  name: string,
  help: string,
  labelNames: readonly Label[],
  collect: (gauge: Gauge<Label>) => void | Promise<void>,
): void {
  if (register.getSingleMetric(name)) return;
  new Gauge({ name, help, labelNames: [...labelNames], collect() { return collect(this); } });
}

const REQUEST_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const TURN_BUCKETS_S = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300];

const requests = histogram('perennial_request_seconds', 'Requests by the pattern of their route.', ['route', 'status'], REQUEST_BUCKETS_S);
const webhooksReceived = counter('perennial_webhooks_received_total', 'Webhooks that came, by what was answered.', ['topic', 'outcome']);
const rateLimited = counter('perennial_rate_limited_total', 'Requests that were refused with 429.', ['limit']);
const turns = histogram('perennial_turn_seconds', 'Turns of work that the worker took.', ['work', 'outcome'], TURN_BUCKETS_S);
const looks = counter('perennial_looks_total', 'Looks for work.', ['outcome']);
const webhooksHandled = counter('perennial_webhooks_handled_total', 'Webhooks by what came of a try.', ['outcome']);
const shopifyCalls = histogram('perennial_shopify_call_seconds', 'Calls of the Admin API, with their waits.', ['outcome'], REQUEST_BUCKETS_S);
const throttles = counter('perennial_shopify_throttled_total', 'Times that Shopify asked us to wait.', []);
const subscriptionsRefused = counter('perennial_subscriptions_refused_total', 'Webhook subscriptions that Shopify would not make.', []);
const importLines = counter('perennial_import_lines_total', 'Lines of the files of imports that ended.', ['outcome']);
const ledgerOffences = counter('perennial_ledger_offences_total', 'What the hourly look at points found wrong, by rule.', ['rule']);
const notices = counter('perennial_shopify_notices_total', 'Signs that the Admin API has changed.', ['kind']);

export function noteRequest(route: string, status: number, seconds: number): void {
  requests.observe({ route, status: `${Math.floor(status / 100)}xx` }, seconds);
}

export type WebhookAnswer = 'kept' | 'bad-signature' | 'refused' | 'failed';

/** @param topic one of ours; anything else that a header says is `other` */
export function noteWebhookReceived(topic: string, outcome: WebhookAnswer): void {
  webhooksReceived.inc({ topic, outcome });
}

/** @param limit the name of the limit, not of who met it */
export function noteRateLimited(limit: string): void {
  rateLimited.inc({ limit });
}

export function noteTurn(work: string, outcome: 'done' | 'failed', seconds: number): void {
  turns.observe({ work, outcome }, seconds);
}

export function noteLook(outcome: 'done' | 'failed'): void {
  looks.inc({ outcome });
}

export function noteWebhooksHandled(outcome: 'handled' | 'failed' | 'dead', count = 1): void {
  if (count > 0) webhooksHandled.inc({ outcome }, count);
}

export type ShopifyCallOutcome = 'answered' | 'unavailable' | 'access-refused' | 'request-refused' | 'failed';

export function noteShopifyCall(outcome: ShopifyCallOutcome, seconds: number): void {
  shopifyCalls.observe({ outcome }, seconds);
}

export function noteShopifyThrottled(): void {
  throttles.inc();
}

export function noteSubscriptionsRefused(count: number): void {
  subscriptionsRefused.inc(count);
}

/** Of a whole file, when it is done: what an attempt left behind that was begun anew is not in it. */
export function noteImportLines({ stored, rejected }: { stored: number; rejected: number }): void {
  importLines.inc({ outcome: 'stored' }, stored);
  importLines.inc({ outcome: 'rejected' }, rejected);
}

/** @param rule one of ours */
export function noteLedgerOffence(rule: string, count: number): void {
  ledgerOffences.inc({ rule }, count);
}

/** Of schema drift: another version than was asked for, a deprecation, a value that nobody knows. */
export function noteShopifyNotice(kind: string): void {
  notices.inc({ kind });
}
