import type pg from 'pg';

import type { SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import { findShop } from '#app/adapters/db/shop-registry.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { receiveIntoInbox, type InboxVerdict, type ReceivedWebhook } from '#app/adapters/db/webhook-inbox.repository.server.ts';
import { isSignedBody, readWebhookHeaders, type WebhookHeaders } from '#app/adapters/shopify/webhook-request.server.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { PrismaClient } from '#app/generated/prisma/client.ts';
import { GatheredWork } from '#app/services/gathered-work.server.ts';

interface WebhookReceiver {
  prisma: PrismaClient;
  pool: pg.Pool;
  sealedBox: SealedBox;
  /** Of the app: the one in use, and while it is changed the one before. */
  secrets: readonly string[];
}

export interface IncomingWebhook {
  rawBody: Buffer;
  headers: Headers;
  /** Topics that the address is for; the topic's header is not signed, so it is not believed beyond these. */
  topics: readonly string[];
}

export type ReceiveOutcome =
  | { ok: true; verdict: InboxVerdict }
  | { ok: false; reason: 'bad-signature' | 'missing-headers' | 'other-topic' };

/**
 * Checks the signature and keeps the webhook; everything else is the worker's. No session is loaded and no token
 * refreshed here, so that an uninstalled shop's webhooks are taken like any other's (shopify-app-js #3360).
 */
export async function receiveWebhook(receiver: WebhookReceiver, { rawBody, headers, topics }: IncomingWebhook): Promise<ReceiveOutcome> {
  if (!isSignedBody(rawBody, headers.get('x-shopify-hmac-sha256'), receiver.secrets)) return { ok: false, reason: 'bad-signature' };
  const said = readWebhookHeaders(headers);
  if (said === null) return { ok: false, reason: 'missing-headers' };
  if (!topics.includes(said.topic)) return { ok: false, reason: 'other-topic' };
  return { ok: true, verdict: await keep(receiver, said, rawBody.toString('utf8')) };
}

const MAX_SHOPS_KNOWN = 10_000;
const knownShops = new WeakMap<pg.Pool, Map<string, number>>();

/**
 * The shop's id is part of what seals the body, so it must be known before; once found it is remembered, and PostgreSQL
 * takes the row only if it is still the shop's.
 */
async function keep(receiver: WebhookReceiver, said: WebhookHeaders, body: string): Promise<InboxVerdict> {
  const { prisma, pool } = receiver;
  const known = knownShops.get(pool) ?? new Map<string, number>();
  knownShops.set(pool, known);
  const remembered = known.get(said.domain);
  if (remembered !== undefined) {
    const verdict = await store(receiver, { shopId: remembered, domain: said.domain }, said, body);
    if (verdict !== 'unknown-shop') return verdict;
    known.delete(said.domain);
  }
  const shop = await findShop(prisma, said.domain);
  if (shop === null) return 'unknown-shop';
  if (known.size >= MAX_SHOPS_KNOWN) known.clear();
  known.set(shop.domain, shop.shopId);
  return store(receiver, shop, said, body);
}

async function store({ pool, sealedBox }: WebhookReceiver, shop: ShopRef, said: WebhookHeaders, body: string): Promise<InboxVerdict> {
  const { webhookId, eventId, topic, apiVersion, triggeredAt } = said;
  const place = { shopId: shop.shopId, table: 'webhook_inbox', column: 'body', row: webhookId };
  await failpoint('webhook-before-store');
  return storeTogether(pool, shop, { webhookId, eventId, topic, apiVersion, triggeredAt, bodySealed: sealedBox.seal(body, place) });
}

type Arrivals = GatheredWork<ReceivedWebhook, InboxVerdict>;
const arrivalsByPool = new WeakMap<pg.Pool, Map<string, Arrivals>>();

/**
 * Each is answered once its row is durable, and a burst would wait for as many flushes as it has webhooks, on as many
 * connections: those of a shop that come while others of it are being kept go together. Of one shop alone, since a shop's
 * rows may wait for what is done to that shop.
 */
function storeTogether(pool: pg.Pool, shop: ShopRef, webhook: ReceivedWebhook): Promise<InboxVerdict> {
  const byShop = arrivalsByPool.get(pool) ?? new Map<string, Arrivals>();
  arrivalsByPool.set(pool, byShop);
  const key = `${shop.shopId} ${shop.domain}`;
  const arrivals =
    byShop.get(key) ??
    new GatheredWork<ReceivedWebhook, InboxVerdict>({
      work: (webhooks) => storeAll(pool, shop, webhooks),
      keyOf: ({ webhookId }) => webhookId,
      laneOf: ({ webhookId }) => webhookId,
      onIdle: () => byShop.delete(key),
    });
  byShop.set(key, arrivals);
  return arrivals.ask(webhook);
}

/** What is wrong with one of them is no other's trouble. */
async function storeAll(pool: pg.Pool, shop: ShopRef, webhooks: readonly ReceivedWebhook[]): Promise<ReadonlyMap<ReceivedWebhook, InboxVerdict | Promise<InboxVerdict>>> {
  try {
    return await receiveIntoInbox(pool, shop, webhooks);
  } catch (error) {
    if (webhooks.length === 1 || !isOfTheRow(error)) throw error;
    const alone = async (webhook: ReceivedWebhook) => (await receiveIntoInbox(pool, shop, [webhook])).get(webhook) ?? 'unknown-shop';
    return new Map(webhooks.map((webhook) => [webhook, alone(webhook)]));
  }
}

/** Of what a value is, of a rule that it breaks, or of its size: PostgreSQL's classes 22, 23 and 54. */
function isOfTheRow(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(22|23|54)/.test(String(error.code));
}
