import { join } from 'node:path';
import { LeakyBucket } from './admin-graphql/throttle.ts';
import type { AppConfig } from './app-toml.ts';
import { BulkOperations } from './bulk/bulk-operations.ts';
import { CodeBatches } from './code-batches.ts';
import { FaultSchedule } from './faults/fault-schedule.ts';
import { faultyWebhooks } from './faults/faulty-webhooks.ts';
import { Flow, type FlowExtension } from './flow.ts';
import { toGid } from './global-id.ts';
import { Grants, type Installation } from './grants.ts';
import type { Journal } from './journal.ts';
import { restoreLine } from './replay.ts';
import { ShopStore } from './shop-store.ts';
import type { SimApp, Simulator } from './simulator.ts';
import type { SimCustomer, SimOrder, SimShop, SimStore } from './state.ts';
import { customerPayload, orderPayload, shopPayload, type Payload } from './webhook-payloads.ts';
import { complianceTopics } from './webhook-topics.ts';
import { WebhookSender, type DeliveryPlan, type WebhookSubscription } from './webhooks.ts';

export interface PlatformOptions {
  origin: string;
  app: SimApp;
  config: AppConfig;
  flowExtensions: readonly FlowExtension[];
  journal: Journal | null;
  /** Where files of bulk operations go. */
  filesDirectory: string;
  webhookRetryDelaysMs: readonly number[];
  webhookPlan?: DeliveryPlan;
  codeBatchDelayMs: number;
  bulkObjectsPerSecond?: number;
  /** The clock under the simulated one. */
  realNow(): Date;
}

/** `shop/redact` comes this long after an uninstall. */
const shopRedactDelayMs = 48 * 3600 * 1000;

/** All the local Shopify knows and does, behind the HTTP routes. */
export class Platform implements Simulator {
  readonly origin: string;
  readonly app: SimApp;
  readonly config: AppConfig;
  readonly shops = new Map<string, ShopStore>();
  readonly grants: Grants;
  readonly webhooks: WebhookSender;
  readonly bulk: BulkOperations;
  readonly codeBatches: CodeBatches;
  readonly flow: Flow;
  /** What goes wrong, and when; nothing until somebody sets rules. */
  readonly faults: FaultSchedule;
  readonly #options: PlatformOptions;
  readonly #subscriptions = new Map<string, WebhookSubscription[]>();
  readonly #lostTopics = new Map<string, readonly string[]>();
  readonly #buckets = new Map<string, LeakyBucket>();
  #clockOffsetMs = 0;

  constructor(options: PlatformOptions) {
    const { journal } = options;
    const now = (): Date => this.now();
    this.#options = options;
    this.origin = options.origin;
    this.app = options.app;
    this.config = options.config;
    this.faults = new FaultSchedule(now);
    this.grants = new Grants(journal, now);
    const shopIdOf = (shop: string): number => this.shops.get(shop)?.shop.id ?? 0;
    this.flow = new Flow({ extensions: options.flowExtensions, app: options.app, shopIdOf, now });
    this.codeBatches = new CodeBatches({ journal, now, delayMs: options.codeBatchDelayMs });
    this.webhooks = new WebhookSender({
      clientSecret: options.app.clientSecret,
      journal,
      now,
      retryDelaysMs: options.webhookRetryDelaysMs,
      ...(options.webhookPlan ? { plan: options.webhookPlan } : {}),
      faults: faultyWebhooks(this.faults),
      onSubscriptionFailed: (shop, id) => this.deleteSubscription(shop, id),
    });
    this.bulk = new BulkOperations(this, {
      journal,
      directory: join(options.filesDirectory, 'bulk'),
      ...(options.bulkObjectsPerSecond === undefined ? {} : { objectsPerSecond: options.bulkObjectsPerSecond }),
    });
  }

  /** @throws Error when there is none of that domain */
  requireStore(domain: string): ShopStore {
    const store = this.shops.get(domain);
    if (!store) throw new Error(`The local Shopify has no store ${domain}.`);
    return store;
  }

  /** Puts a store there without writing it to the journal. */
  addStore(store: SimStore): void {
    const state = this.addShop(store.shop);
    for (const product of store.products) state.restore('product', product);
    for (const customer of store.customers) state.restore('customer', customer);
    for (const order of store.orders) state.restore('order', order);
  }

  addShop(shop: SimShop): ShopStore {
    const state = new ShopStore(shop, {
      journal: this.#options.journal,
      emit: (store, topic, record) => this.#emit(store, topic, record),
      isInstalled: (store) => this.grants.installation(store.domain)?.isInstalled ?? false,
    });
    this.shops.set(shop.domain, state);
    return state;
  }

  /** Reads the journal, then takes up again what was under way. */
  async restore(): Promise<void> {
    await this.#options.journal?.replay((line) => restoreLine(this, line));
  }

  resume(): void {
    const storeOf = (shop: string): ShopStore | undefined => this.shops.get(shop);
    this.codeBatches.resume(storeOf);
    this.bulk.resume(storeOf);
    this.webhooks.resume();
  }

  now(): Date {
    return new Date(this.#options.realNow().getTime() + this.#clockOffsetMs);
  }

  get clockOffsetMs(): number {
    return this.#clockOffsetMs;
  }

  realNow(): Date {
    return this.#options.realNow();
  }

  advanceClock(byMs: number): void {
    this.restoreClock(this.#clockOffsetMs + byMs);
    this.#options.journal?.append({ kind: 'clock', shop: null, value: this.#clockOffsetMs });
    this.sendDueRedactions();
  }

  restoreClock(offsetMs: number): void {
    this.#clockOffsetMs = offsetMs;
  }

  bucketOf(shop: string): LeakyBucket {
    const bucket = this.#buckets.get(shop) ?? new LeakyBucket();
    this.#buckets.set(shop, bucket);
    return bucket;
  }

  /** The first grant of a token is the install; scopes that the app's toml has gained or lost are told to it. */
  ensureInstalled(store: ShopStore): Installation {
    const known = this.grants.installation(store.domain);
    const { scopes } = this.config;
    if (known?.isInstalled && known.scopes.join() === scopes.join()) return known;
    const installation: Installation = {
      shop: store.domain,
      id: known?.id ?? store.nextId(),
      isInstalled: true,
      scopes,
      installedAt: known?.isInstalled ? known.installedAt : this.now().toISOString(),
      uninstalledAt: null,
      redactedAt: null,
    };
    this.grants.saveInstallation(installation);
    if (known?.isInstalled) {
      store.emit('app/scopes_update', {
        id: toGid('AppInstallation', installation.id),
        previous: known.scopes,
        current: scopes,
        updated_at: this.now().toISOString(),
      });
    }
    return installation;
  }

  uninstall(store: ShopStore): void {
    const known = this.grants.installation(store.domain);
    if (!known?.isInstalled) return;
    this.bulk.cancelAll(store.domain);
    store.emit('app/uninstalled', shopPayload(store));
    this.grants.saveInstallation({ ...known, isInstalled: false, uninstalledAt: this.now().toISOString() });
    this.grants.revokeAll(store.domain);
    const { appMetafields, ...shop } = store.shop;
    if (appMetafields) store.save('shop', shop);
    this.#saveSubscriptions(store.domain, []);
  }

  sendDueRedactions(): void {
    for (const installation of this.grants.installations()) {
      const { uninstalledAt, redactedAt, isInstalled, shop } = installation;
      const store = this.shops.get(shop);
      if (isInstalled || uninstalledAt === null || redactedAt !== null || !store) continue;
      if (this.now().getTime() - Date.parse(uninstalledAt) < shopRedactDelayMs) continue;
      this.grants.saveInstallation({ ...installation, redactedAt: this.now().toISOString() });
      store.emit('shop/redact', { shop_id: store.shop.id, shop_domain: shop });
    }
  }

  apiSubscriptions(shop: string): WebhookSubscription[] {
    return this.#subscriptions.get(shop) ?? [];
  }

  addSubscription(
    store: ShopStore,
    input: Pick<WebhookSubscription, 'topic' | 'uri' | 'includeFields' | 'filter' | 'name'>,
  ): WebhookSubscription {
    const { webhookApiVersion: apiVersion } = this.config;
    const subscription = { ...input, id: store.nextId(), apiVersion, createdAt: this.now().toISOString() };
    this.#saveSubscriptions(store.domain, [...this.apiSubscriptions(store.domain), subscription]);
    return subscription;
  }

  deleteSubscription(shop: string, id: number | null): boolean {
    const before = this.apiSubscriptions(shop);
    const after = before.filter((subscription) => subscription.id !== id);
    if (after.length === before.length) return false;
    this.#saveSubscriptions(shop, after);
    return true;
  }

  /** What cannot happen by the API: the store gets no webhook of this topic from the toml any more. */
  loseSubscription(shop: string, topic: string): void {
    const lost = [...(this.#lostTopics.get(shop) ?? []), topic];
    this.#options.journal?.append({ kind: 'lostTopics', shop, value: lost });
    this.restoreLostTopics(shop, lost);
  }

  restoreLostTopics(shop: string, topics: readonly string[]): void {
    this.#lostTopics.set(shop, topics);
  }

  restoreSubscriptions(shop: string, subscriptions: WebhookSubscription[]): void {
    this.#subscriptions.set(shop, subscriptions);
  }

  async close(): Promise<void> {
    this.codeBatches.close();
    await this.bulk.close();
    await this.webhooks.close();
    this.#options.journal?.close();
  }

  #saveSubscriptions(shop: string, subscriptions: WebhookSubscription[]): void {
    this.#options.journal?.append({ kind: 'subscriptions', shop, value: subscriptions });
    this.restoreSubscriptions(shop, subscriptions);
  }

  #emit(store: ShopStore, topic: string, record: SimOrder | SimCustomer | Payload): void {
    const isCompliance = complianceTopics.has(topic);
    if (!isCompliance && !store.isInstalled()) return;
    const lostTopics = this.#lostTopics.get(store.domain) ?? [];
    const ofToml = this.config.subscriptions
      .filter((subscription) => subscription.isCompliance === isCompliance && !lostTopics.includes(subscription.topic))
      .map(
        (subscription): WebhookSubscription => ({
          ...subscription,
          id: null,
          uri: new URL(subscription.uri, `${this.app.publicUrl}/`).href,
          apiVersion: this.config.webhookApiVersion,
          createdAt: store.shop.createdAt,
        }),
      );
    const subscriptions = isCompliance ? ofToml : [...ofToml, ...this.apiSubscriptions(store.domain)];
    this.webhooks.publish(store.domain, topic, payloadOf(store, topic, record), subscriptions);
  }
}

function payloadOf(store: ShopStore, topic: string, record: SimOrder | SimCustomer | Payload): Payload {
  if (topic === 'orders/delete') return { id: Reflect.get(record, 'id') };
  if (isOrder(record)) return orderPayload(store, record);
  if (isCustomer(record)) return customerPayload(record);
  return record;
}

function isOrder(record: object): record is SimOrder {
  return 'financialStatus' in record && 'lines' in record;
}

function isCustomer(record: object): record is SimCustomer {
  return 'marketingState' in record && 'mergedIntoId' in record;
}
