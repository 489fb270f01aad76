import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';

import { seededRandom, type SeededRandom } from '#test/simulator/store/seeded-random.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppServer, type AppServer } from '#test/support/app-server.ts';
import { startAppUnderTest, TEST_APP, type AppUnderTest } from '#test/support/app-under-test.ts';
import { promiseOf } from './promise.ts';

const STORE = syntheticStore(3);
const DOMAIN = STORE.shop.domain;
const OLD_SECRET = 'perennial-test-secret-before';
const SENT_AT_ONCE = 20;

let app: AppUnderTest;
let server: AppServer;
let owner: pg.Client;
const agent = new Agent({ keepAlive: true });

beforeAll(async () => {
  process.env['SHOPIFY_API_SECRET_OLD'] = OLD_SECRET;
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  await app.install(DOMAIN);
  // The app's own listener: what becomes of a header that comes twice is decided before any of our code.
  server = await startAppServer();
});

afterAll(async () => {
  agent.destroy();
  await server.close();
  await owner.end();
  await app.stop();
});

interface Sent {
  body: Buffer;
  /** Of the signature: absent, one, or several headers. */
  hmac: string[];
}

type Forgery = (genuine: { body: Buffer; hmac: string }, random: SeededRandom) => Sent;

const sign = (body: Buffer | string, secret: string = TEST_APP.clientSecret, hash = 'sha256') => createHmac(hash, secret).update(body);

function flipBit(bytes: Buffer, random: SeededRandom): Buffer {
  const flipped = Buffer.from(bytes);
  const at = random.between(0, flipped.length - 1);
  flipped[at] = (flipped[at] ?? 0) ^ (1 << random.between(0, 7));
  return flipped;
}

/** Only what can be written into a header. */
function flipHeader(hmac: string, random: SeededRandom): string {
  for (;;) {
    const flipped = flipBit(Buffer.from(hmac, 'latin1'), random).toString('latin1');
    if (/^[\x21-\x7e]+$/.test(flipped)) return flipped;
  }
}

/** Decodes to the same bytes as the signature: the last character before the = has two bits that mean nothing. */
function sameBytes(hmac: string, random: SeededRandom): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const last = alphabet.indexOf(hmac.at(-2) ?? '');
  return `${hmac.slice(0, -2)}${alphabet[last ^ random.between(1, 3)]}=`;
}

const FORGERIES: Readonly<Record<string, Forgery>> = {
  'a bit of the body': ({ body, hmac }, random) => ({ body: flipBit(body, random), hmac: [hmac] }),
  'a bit of the signature': ({ body, hmac }, random) => ({ body, hmac: [flipHeader(hmac, random)] }),
  'other base64 of the same bytes': ({ body, hmac }, random) => ({ body, hmac: [sameBytes(hmac, random)] }),
  'no signature': ({ body }) => ({ body, hmac: [] }),
  'an empty signature': ({ body }) => ({ body, hmac: [''] }),
  'two signatures, the second right': ({ body, hmac }) => ({ body, hmac: [sign(body, 'x').digest('base64'), hmac] }),
  'two signatures, the first right': ({ body, hmac }) => ({ body, hmac: [hmac, sign(body, 'x').digest('base64')] }),
  'the right signature twice': ({ body, hmac }) => ({ body, hmac: [hmac, hmac] }),
  'another secret': ({ body }, random) => ({ body, hmac: [sign(body, `secret-${random.between(0, 1e9)}`).digest('base64')] }),
  'the empty secret': ({ body }) => ({ body, hmac: [sign(body, '').digest('base64')] }),
  'the client id as secret': ({ body }) => ({ body, hmac: [sign(body, TEST_APP.clientId).digest('base64')] }),
  hex: ({ body }) => ({ body, hmac: [sign(body).digest('hex')] }),
  base64url: ({ body }) => ({ body, hmac: [sign(body).digest('base64url')] }),
  'a named hash': ({ body, hmac }) => ({ body, hmac: [`sha256=${hmac}`] }),
  'another hash': ({ body }, random) => ({ body, hmac: [sign(body, TEST_APP.clientSecret, random.pick(['sha1', 'sha512', 'md5'])).digest('base64')] }),
  'JSON written anew': ({ body, hmac }) => ({ body: Buffer.from(JSON.stringify(JSON.parse(body.toString('utf8')), null, 1)), hmac: [hmac] }),
  'a byte more': ({ body, hmac }, random) => ({ body: Buffer.concat([body, Buffer.from([random.between(0, 255)])]), hmac: [hmac] }),
  'a byte less': ({ body, hmac }) => ({ body: body.subarray(0, -1), hmac: [hmac] }),
  'no body': ({ hmac }) => ({ body: Buffer.alloc(0), hmac: [hmac] }),
  'part of the signature': ({ body, hmac }, random) => ({ body, hmac: [hmac.slice(0, random.between(1, hmac.length - 1))] }),
  'the signature of another body': ({ body }, random) => ({ body, hmac: [sign(JSON.stringify({ id: random.between(1, 1e9) })).digest('base64')] }),
};

function send({ body, hmac }: Sent): Promise<number | null> {
  return new Promise((resolve) => {
    const url = new URL(server.url);
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': body.length,
      'X-Shopify-Topic': 'orders/updated',
      'X-Shopify-Shop-Domain': DOMAIN,
      'X-Shopify-API-Version': '2026-10',
      'X-Shopify-Webhook-Id': randomUUID(),
      ...(hmac.length > 0 ? { 'X-Shopify-Hmac-Sha256': hmac } : {}),
    };
    const outgoing = request({ agent, host: url.hostname, port: url.port, path: '/webhooks/orders', method: 'POST', headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? null));
    });
    outgoing.on('error', () => resolve(null));
    outgoing.end(body);
  });
}

const genuineBody = (random: SeededRandom) => Buffer.from(JSON.stringify({ id: random.between(1, 1e12), admin_graphql_api_id: 'gid://shopify/Order/1', note: 'Grüße 你好' }));

async function sendAll(all: readonly Sent[]): Promise<(number | null)[]> {
  const statuses: (number | null)[] = [];
  for (let from = 0; from < all.length; from += SENT_AT_ONCE) {
    statuses.push(...(await Promise.all(all.slice(from, from + SENT_AT_ONCE).map(send))));
  }
  return statuses;
}

async function inboxRows(): Promise<number> {
  const { rows } = await owner.query<{ n: number }>('SELECT count(*)::int AS n FROM webhook_inbox');
  return rows[0]?.n ?? -1;
}

promiseOf('W3', 'every kind of forgery', async ({ seed, pick }) => {
  const random = seededRandom(seed);
  const kinds = Object.entries(FORGERIES);
  const count = pick(420, 10_000);
  const before = await inboxRows();
  const tried = Array.from({ length: count }, (_, index) => {
    const [kind, forge] = kinds[index % kinds.length] ?? ['', () => ({ body: Buffer.alloc(0), hmac: [] })];
    const body = genuineBody(random);
    return { kind, sent: forge({ body, hmac: sign(body).digest('base64') }, random) };
  });
  const statuses = await sendAll(tried.map(({ sent }) => sent));
  const refused = statuses.filter((status) => status === 401).length;
  const wrong = new Set(tried.filter((_, index) => statuses[index] !== 401).map(({ kind }) => kind));
  const rows = (await inboxRows()) - before;
  return {
    tried: `${count.toLocaleString('en')} forgeries of ${kinds.length} kinds`,
    measured: `${refused} answered 401${wrong.size > 0 ? ` (not: ${[...wrong].join(', ')})` : ''}, ${rows} rows`,
    isKept: refused === count && rows === 0,
  };
});

promiseOf('W3', 'the secret is rotated', async ({ seed, pick }) => {
  const random = seededRandom(seed).fork('rotation');
  const count = pick(60, 1_000);
  const before = await inboxRows();
  // As while Shopify changes over: some of its servers sign with the old one still.
  const sent = Array.from({ length: count }, () => {
    const body = genuineBody(random);
    return { body, hmac: [sign(body, random.chance(0.5) ? OLD_SECRET : TEST_APP.clientSecret).digest('base64')] };
  });
  const statuses = await sendAll(sent);
  const taken = statuses.filter((status) => status === 200).length;
  const rows = (await inboxRows()) - before;
  return {
    tried: `${count.toLocaleString('en')} webhooks signed with the old or the new secret`,
    measured: `${taken} answered 200, ${rows} rows`,
    isKept: taken === count && rows === count,
  };
});
