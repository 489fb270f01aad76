import { createHmac, randomUUID } from 'node:crypto';
import type { Journal } from './journal.ts';
import { includeFields, passesFilter } from './webhook-filter.ts';
import type { Payload } from './webhook-payloads.ts';

/** One subscription of one store; those of the app's toml have no id and exist for every store. */
export interface WebhookSubscription {
  id: number | null;
  /** `orders/create` */
  topic: string;
  /** Absolute URL. */
  uri: string;
  includeFields: string[] | null;
  filter: string | null;
  name: string | null;
  apiVersion: string;
  createdAt: string;
}

export interface WebhookAttempt {
  at: string;
  /** Null when no answer came; `error` says why. */
  status: number | null;
  error: string | null;
  tookMs: number;
}

/** A webhook on its way: the body is fixed when it is made, and each retry sends the same bytes. */
export interface WebhookDelivery {
  webhookId: string;
  eventId: string;
  shop: string;
  topic: string;
  uri: string;
  name: string | null;
  apiVersion: string;
  triggeredAt: string;
  body: string;
  status: 'pending' | 'delivered' | 'failed';
  attempts: WebhookAttempt[];
  /** Of a subscription made through the API; those of the app's toml have none. */
  subscriptionId?: number | null;
}

/**
 * The seam for faults: when to send a fresh delivery. `[0]` is one prompt delivery, `[]` loses it, `[0, 0]` sends it
 * twice, `[5000]` is late, and unequal delays put deliveries out of order.
 */
export type DeliveryPlan = (delivery: WebhookDelivery) => readonly number[];

/** One delivery as it is really sent, so long after its event. */
export interface Sending {
  delivery: WebhookDelivery;
  delayMs: number;
}

export interface WebhookOptions {
  clientSecret: string;
  journal: Journal | null;
  now(): Date;
  /** Waits before each retry, so its length is the number of retries; Shopify's eight take four hours. */
  retryDelaysMs: readonly number[];
  timeoutMs?: number;
  plan?: DeliveryPlan;
  /** What is sent instead of what was planned; see `faults/`. */
  faults?: (planned: Sending[]) => Sending[];
  /** After so many attempts in a row that failed, a subscription made through the API is removed. */
  onSubscriptionFailed?: (shop: string, subscriptionId: number) => void;
}

export const defaultRetryDelaysMs = [200, 500, 1000, 2000, 4000, 8000, 15_000, 30_000];

const logLength = 500;
const failuresUntilRemoval = 8;

/** Signs, sends, retries and remembers webhooks. */
export class WebhookSender {
  readonly #options: WebhookOptions;
  readonly #deliveries = new Map<string, WebhookDelivery>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #failuresInRow = new Map<string, number>();
  #isClosed = false;

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  /** Newest last; finished ones are forgotten after a while. */
  deliveries(): WebhookDelivery[] {
    return [...this.#deliveries.values()];
  }

  /** One event may have several subscriptions: they share the event id, each has its own webhook id. */
  publish(shop: string, topic: string, payload: Payload, subscriptions: readonly WebhookSubscription[]): void {
    const eventId = randomUUID();
    for (const subscription of subscriptions) {
      if (subscription.topic !== topic || !passesFilter(payload, subscription.filter)) continue;
      const delivery: WebhookDelivery = {
        webhookId: randomUUID(),
        eventId,
        shop,
        topic,
        uri: subscription.uri,
        name: subscription.name,
        apiVersion: subscription.apiVersion,
        triggeredAt: this.#options.now().toISOString(),
        body: JSON.stringify(includeFields(payload, subscription.includeFields)),
        status: 'pending',
        attempts: [],
        subscriptionId: subscription.id,
      };
      this.#record(delivery);
      const planned = (this.#options.plan ?? (() => [0]))(delivery).map((delayMs) => ({ delivery, delayMs }));
      for (const sending of this.#options.faults?.(planned) ?? planned) {
        if (sending.delivery !== delivery) this.#record(sending.delivery);
        this.#schedule(sending.delivery.webhookId, sending.delayMs);
      }
    }
  }

  restore(delivery: WebhookDelivery): void {
    this.#deliveries.delete(delivery.webhookId);
    this.#deliveries.set(delivery.webhookId, delivery);
    this.#forgetOldest();
  }

  /** After a restart: what was pending goes on where it stood. */
  resume(): void {
    for (const { webhookId, status } of this.deliveries()) if (status === 'pending') this.#schedule(webhookId, 0);
  }

  /** Sends the same bytes under the same webhook id once more; false when the delivery is not known. */
  redeliver(webhookId: string): boolean {
    const delivery = this.#deliveries.get(webhookId);
    if (!delivery) return false;
    this.#schedule(webhookId, 0);
    return true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#inFlight);
  }

  #schedule(webhookId: string, delayMs: number): void {
    if (this.#isClosed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const sending = this.#attempt(webhookId).finally(() => this.#inFlight.delete(sending));
      this.#inFlight.add(sending);
    }, delayMs);
    timer.unref();
    this.#timers.add(timer);
  }

  async #attempt(webhookId: string): Promise<void> {
    const before = this.#deliveries.get(webhookId);
    if (!before) return;
    const attempt = await this.#send(before);
    const delivery = this.#deliveries.get(webhookId);
    if (!delivery) return;
    const attempts = [...delivery.attempts, attempt];
    const isDelivered = attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
    const nextDelayMs = this.#options.retryDelaysMs[attempts.length - 1];
    const isLast = nextDelayMs === undefined;
    const status = isDelivered || delivery.status === 'delivered' ? 'delivered' : isLast ? 'failed' : 'pending';
    // A closing platform cuts attempts short; on disk the delivery then stays as it was, and goes on after a restart.
    if (this.#isClosed && !isDelivered) return;
    this.#record({ ...delivery, attempts, status });
    this.#countFailures(delivery, isDelivered);
    if (status === 'pending' && nextDelayMs !== undefined) this.#schedule(webhookId, nextDelayMs);
  }

  #countFailures({ shop, subscriptionId }: WebhookDelivery, isDelivered: boolean): void {
    if (subscriptionId === undefined || subscriptionId === null) return;
    const key = `${shop} ${subscriptionId}`;
    const failures = isDelivered ? 0 : (this.#failuresInRow.get(key) ?? 0) + 1;
    this.#failuresInRow.set(key, failures);
    if (failures >= failuresUntilRemoval) this.#options.onSubscriptionFailed?.(shop, subscriptionId);
  }

  async #send(delivery: WebhookDelivery): Promise<WebhookAttempt> {
    const started = performance.now();
    const at = this.#options.now().toISOString();
    const tookMs = (): number => Math.round(performance.now() - started);
    try {
      const response = await fetch(delivery.uri, {
        method: 'POST',
        redirect: 'manual',
        headers: webhookHeaders(delivery, this.#options.clientSecret),
        body: delivery.body,
        signal: AbortSignal.timeout(this.#options.timeoutMs ?? 5000),
      });
      await response.body?.cancel();
      return { at, status: response.status, error: null, tookMs: tookMs() };
    } catch (error) {
      return { at, status: null, error: error instanceof Error ? error.message : String(error), tookMs: tookMs() };
    }
  }

  #record(delivery: WebhookDelivery): void {
    this.#options.journal?.append({ kind: 'delivery', shop: delivery.shop, value: delivery });
    this.#deliveries.set(delivery.webhookId, delivery);
    this.#forgetOldest();
  }

  #forgetOldest(): void {
    if (this.#deliveries.size <= logLength) return;
    for (const delivery of this.#deliveries.values()) {
      if (delivery.status === 'pending') continue;
      this.#deliveries.delete(delivery.webhookId);
      return;
    }
  }
}

export function signBody(body: string, clientSecret: string): string {
  return createHmac('sha256', clientSecret).update(body, 'utf8').digest('base64');
}

function webhookHeaders(delivery: WebhookDelivery, clientSecret: string): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'Shopify-Captain-Hook',
    'X-Shopify-Topic': delivery.topic,
    'X-Shopify-Shop-Domain': delivery.shop,
    'X-Shopify-API-Version': delivery.apiVersion,
    'X-Shopify-Webhook-Id': delivery.webhookId,
    'X-Shopify-Event-Id': delivery.eventId,
    'X-Shopify-Triggered-At': delivery.triggeredAt,
    'X-Shopify-Hmac-Sha256': signBody(delivery.body, clientSecret),
    ...(delivery.name === null ? {} : { 'X-Shopify-Name': delivery.name }),
  };
}
