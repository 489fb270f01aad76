import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';

import pg from 'pg';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import { signSessionToken } from '#test/simulator/session-token.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { percentile, sendOpenLoop } from '#test/support/open-loop.ts';
import type { OpenLoopShot, PlannedRequest } from '#test/support/open-loop.ts';
import { startPerennialUnderTest } from '#test/support/perennial-under-test.ts';
import type { PerennialUnderTest } from '#test/support/perennial-under-test.ts';
import { webUrlOf } from '#test/support/running-processes.ts';
import { visitAsMerchant } from '#test/support/stack-requests.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { busyProcessors, sayClaims, sayTable } from './bench.ts';
import type { Bench, BenchOptions, BenchOutcome } from './bench.ts';
import { fillLedger, fillOrders } from './loyalty/fill-ledger.ts';

const PER_SECOND = 50;
/** In turn, so that what the sync does at the moment meets each alike. */
const MOST_ROUNDS = 5;
const LEAST_ROUNDS = 2;
const SECONDS_A_ROUND = 4;
const MEMBERS = 2_000;
const FIRST_ORDER = 9_000_000_001;
const ORDERS_ASKED_ABOUT = 2_000;
/** So many that they are still coming in when the last question has been answered. */
const SYNCED_ORDERS = 200_000;
const P95_MS = 100;
const RATIO = 3;

/**
 * What shoppers' pages ask, of the built web process over HTTP, in open loop from a process of its own, while worker and
 * database take in the shop's history. Each of the members has 50 postings behind them; no two questions in a row are of
 * the same one. The rival is `/livez`: a resource route of the same Remix in the same process that looks at no token,
 * counts for no limit and asks no database.
 */
export const shopperApi: Bench = {
  name: 'shopper-api',
  rival: '/livez, a bare resource route of the same process',
  claim: `${PER_SECOND} questions a second of a shop that is being synced: p95 under ${P95_MS} ms, under ${RATIO} times the rival's`,
  run,
};

type Kind = 'livez' | 'loyalty' | 'order';

interface Ground {
  perennial: PerennialUnderTest;
  domain: string;
  say: (line: string) => void;
}

async function run({ orders, say }: BenchOptions): Promise<BenchOutcome> {
  const store = syntheticStore(orders ?? SYNCED_ORDERS);
  const { domain } = store.shop;
  const perennial = await startPerennialUnderTest(() => store);
  const owner = new pg.Client({ connectionString: perennial.databaseOwnerUrl });
  try {
    await owner.connect();
    await fill(owner, { perennial, domain, say });
    return await measure(owner, { perennial, domain, say });
  } finally {
    await owner.end();
    await perennial.close();
  }
}

/** A program, members with a past, and young orders, in the shop whose history is about to be taken in. */
async function fill(owner: pg.Client, { perennial, domain, say }: Ground): Promise<void> {
  const visit = await visitAsMerchant(perennial, domain, perennial.appFrontUrl);
  if (!visit.ok) throw new Error(`The app answered ${visit.status} to its first visit`);
  const { rows } = await owner.query<{ shop_id: number }>('SELECT shop_id FROM shops WHERE domain = $1', [domain]);
  const shopId = rows[0]?.shop_id ?? 0;
  await waitFor('the shop to be known', async () => (await owner.query("SELECT FROM shops WHERE currency IS NOT NULL AND iana_time_zone IS NOT NULL")).rowCount === 1 || undefined, { timeoutMs: 60_000 });
  const usual = defaultProgram({ currency: 'EUR', unitMinor: 100 });
  const program = { ...usual, status: { kind: 'live' }, earning: { ...usual.earning, earnsFromMs: Date.now() - 3_600_000 } };
  await owner.query("UPDATE shops SET currency = 'EUR' WHERE shop_id = $1", [shopId]);
  await owner.query('INSERT INTO loyalty_program_versions VALUES ($1, 1, $2, now())', [shopId, JSON.stringify(program)]);
  await fillLedger(owner, { shopId, members: MEMBERS });
  await fillOrders(owner, { shopId, members: MEMBERS, firstId: FIRST_ORDER, count: ORDERS_ASKED_ABOUT });
  await owner.query('INSERT INTO loyalty_progress (shop_id, is_followed) VALUES ($1, true)', [shopId]);
  await waitFor('the orders to come in', async () => ((await isSyncing(owner)) ? true : undefined), { timeoutMs: 120_000 });
  say(`${MEMBERS} members with 50 postings each, ${ORDERS_ASKED_ABOUT} young orders; the sync is storing`);
}

async function isSyncing(owner: pg.Client): Promise<boolean> {
  const { rowCount } = await owner.query("SELECT FROM imports WHERE resource = 'orders' AND state = 'storing'");
  return rowCount !== 0;
}

async function measure(owner: pg.Client, ground: Ground): Promise<BenchOutcome> {
  const { say } = ground;
  const latencies: Record<Kind, number[]> = { livez: [], loyalty: [], order: [] };
  let [failed, rounds] = [0, 0];
  // What a process does once, each of them alike.
  for (const kind of KINDS) await sendRound(ground, kind, 1);
  while (rounds < MOST_ROUNDS) {
    const shots = new Map<Kind, OpenLoopShot[]>();
    for (const kind of KINDS) shots.set(kind, await sendRound(ground, kind, SECONDS_A_ROUND));
    // A round in which the sync ended tells of another thing.
    if (!(await isSyncing(owner))) break;
    rounds += 1;
    for (const [kind, ofKind] of shots) {
      failed += ofKind.filter(({ status }) => status !== 200).length;
      latencies[kind].push(...ofKind.map(({ latencyMs }) => latencyMs));
    }
  }
  say(`others keep ${(await busyProcessors()).toFixed(1)} processors busy, the sync among them; load ${loadavg().map((load) => load.toFixed(1)).join(', ')}`);
  const of = (kind: Kind, share: number) => percentile(latencies[kind], share);
  sayTable(
    [
      ['ms', 'p50', 'p95', 'p99', 'most', 'answers'],
      ...KINDS.map((kind) => [NAMES[kind], ...[0.5, 0.95, 0.99, 1].map((share) => of(kind, share).toFixed(0)), String(latencies[kind].length)]),
    ],
    say,
  );
  // Nothing is under every bound: without enough rounds no claim holds.
  const isMeasured = rounds >= LEAST_ROUNDS;
  const ratio = Math.max(of('loyalty', 0.95), of('order', 0.95)) / Math.max(1, of('livez', 0.95));
  const slowest = Math.max(of('loyalty', 0.95), of('order', 0.95));
  const isKept = sayClaims(
    [
      { text: `p95 under ${P95_MS} ms: ${slowest.toFixed(0)}`, isKept: isMeasured && slowest < P95_MS },
      { text: `p95 under ${RATIO} times that of /livez: ${ratio.toFixed(2)}`, isKept: isMeasured && ratio < RATIO },
      { text: `no errors: ${failed}`, isKept: isMeasured && failed === 0 },
      { text: `at least ${LEAST_ROUNDS} rounds while a sync was running: ${rounds}`, isKept: isMeasured },
    ],
    say,
  );
  return { ratio, isKept };
}

const KINDS: readonly Kind[] = ['livez', 'loyalty', 'order'];
const NAMES: Record<Kind, string> = { livez: '/livez', loyalty: '/api/shopper/loyalty', order: '/api/shopper/order' };

function sendRound({ perennial, domain }: Ground, kind: Kind, seconds: number): Promise<OpenLoopShot[]> {
  const { clientId, clientSecret } = perennial.simulator.simulator.app;
  const requests = Array.from({ length: PER_SECOND * seconds }, (_, index): PlannedRequest => {
    // Each asked about in turn over all of the members, far apart in the tables.
    const number = ((index * 7919 + seconds) % MEMBERS) + 1;
    const orderId = FIRST_ORDER + ((index * 613) % ORDERS_ASKED_ABOUT);
    const customerId = kind === 'order' ? 1 + ((orderId * 7919) % MEMBERS) : number;
    return {
      offsetMs: (index * 1_000) / PER_SECOND,
      method: 'GET',
      path: kind === 'livez' ? '/livez' : kind === 'loyalty' ? '/api/shopper/loyalty?currency=EUR&locale=de' : `/api/shopper/order?orderId=${orderId}`,
      headers: {
        ...(kind === 'livez' ? {} : { Authorization: `Bearer ${tokenOf(customerId, { domain, clientId, clientSecret })}` }),
        // Shoppers are at home, each in their own.
        'X-Forwarded-For': `198.51.${index % 256}.${number % 256}`,
      },
      body: '',
    };
  });
  // The sender is a process, which takes a moment to begin.
  return sendOpenLoop({ url: webUrlOf(perennial), startAtMs: Date.now() + 1_500, timeoutMs: 10_000, requests });
}

function tokenOf(customerId: number, { domain, clientId, clientSecret }: { domain: string; clientId: string; clientSecret: string }): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { dest: domain, aud: clientId, exp: now + 300, nbf: now - 1, iat: now - 1, jti: randomUUID(), sub: `gid://shopify/Customer/${customerId}` };
  return signSessionToken(claims, clientSecret);
}
