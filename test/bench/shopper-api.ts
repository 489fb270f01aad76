import { loadavg } from 'node:os';

import pg from 'pg';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { percentile } from '#test/support/open-loop.ts';
import type { OpenLoopShot } from '#test/support/open-loop.ts';
import { startPerennialUnderTest } from '#test/support/perennial-under-test.ts';
import type { PerennialUnderTest } from '#test/support/perennial-under-test.ts';
import { visitAsMerchant } from '#test/support/stack-requests.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { busyProcessors, sayClaims, sayTable } from './bench.ts';
import type { Bench, BenchOptions, BenchOutcome, Claim } from './bench.ts';
import { fillLedger, fillOrders } from './loyalty/fill-ledger.ts';
import { ask, ASKED_ONCE, FIRST_ORDER, MEMBERS, NAMES, ORDERS_ASKED_ABOUT, PER_SECOND, UNSEEN } from './shopper-api/questions.ts';
import type { Kind } from './shopper-api/questions.ts';
import { SteadySync } from './shopper-api/steady-sync.ts';

const ROUNDS = 4;
const SECONDS_A_TURN = 4;
/** Of a turn, during which a pull may end. */
const MOST_ATTEMPTS = 4;
/** Half a minute of storing, of which a turn is a small part. */
const SYNCED_ORDERS = 200_000;
const P95_MS = 100;
const RATIO = 3;

/**
 * What shoppers' pages ask, of the built web process over HTTP, in open loop from a process of its own, while worker and
 * database take in the shop's history. Each of the members has 50 postings behind them; no two questions in a row are of
 * the same one. Points are asked for by members who were seen before, and by customers who never were: half of those have a
 * past as members, half are none yet, and each of them asks once. What comes with the next order is asked of orders on which
 * nobody has decided yet, so that each answer is a decision on record. The rival is `/livez`: a resource route of the same
 * Remix in the same process that looks at no token, counts for no limit and asks no database.
 */
export const shopperApi: Bench = {
  name: 'shopper-api',
  rival: '/livez, a bare resource route of the same process',
  claim: `${PER_SECOND} questions a second of a shop that is being synced: p95 under ${P95_MS} ms, under ${RATIO} times the rival's`,
  run,
};

interface Ground {
  perennial: PerennialUnderTest;
  domain: string;
  sync: SteadySync;
  say: (line: string) => void;
  /** How many questions there were of which each is asked once. */
  askedOnce: Record<(typeof ASKED_ONCE)[number], number>;
}

async function run({ orders, say }: BenchOptions): Promise<BenchOutcome> {
  const store = syntheticStore(orders ?? SYNCED_ORDERS);
  const { domain } = store.shop;
  const perennial = await startPerennialUnderTest(() => store, { durability: 'durable' });
  try {
    await fill(perennial, domain);
    say(`${MEMBERS} members who were seen and ${UNSEEN} who were not, with 50 postings each, ${ORDERS_ASKED_ABOUT} young orders; ${store.orders.length} orders come in`);
    const sync = await SteadySync.begin(perennial.databaseOwnerUrl);
    try {
      return await measure({ perennial, domain, sync, say, askedOnce: { 'first-look': 0, offer: 0 } });
    } finally {
      await sync.stop();
    }
  } finally {
    await perennial.close();
  }
}

/** A program, members with a past, and young orders, in the shop whose history is about to be taken in. */
async function fill(perennial: PerennialUnderTest, domain: string): Promise<void> {
  const visit = await visitAsMerchant(perennial, domain, perennial.appFrontUrl);
  if (!visit.ok) throw new Error(`The app answered ${visit.status} to its first visit`);
  const owner = new pg.Client({ connectionString: perennial.databaseOwnerUrl });
  await owner.connect();
  try {
    const shopId = await waitFor(
      'the shop to be known',
      async () => {
        const { rows } = await owner.query<{ shop_id: number }>('SELECT shop_id FROM shops WHERE domain = $1 AND currency IS NOT NULL AND iana_time_zone IS NOT NULL', [domain]);
        return rows[0]?.shop_id;
      },
      { timeoutMs: 60_000 },
    );
    const usual = defaultProgram({ currency: 'EUR', unitMinor: 100 });
    const program = { ...usual, status: { kind: 'live' }, earning: { ...usual.earning, earnsFromMs: Date.now() - 3_600_000 } };
    // The local Shopify does not have the young orders: a comparison would take them away.
    await owner.query("UPDATE shops SET currency = 'EUR', reconcile_due_at = now() + interval '1 day', freshness_due_at = now() + interval '1 day' WHERE shop_id = $1", [shopId]);
    await owner.query('INSERT INTO loyalty_program_versions VALUES ($1, 1, $2, now())', [shopId, JSON.stringify(program)]);
    await fillLedger(owner, { shopId, members: MEMBERS + UNSEEN });
    await owner.query('UPDATE loyalty_members SET claimed_at = enrolled_at WHERE shop_id = $1 AND customer_id <= $2', [shopId, MEMBERS]);
    await fillOrders(owner, { shopId, members: MEMBERS, firstId: FIRST_ORDER, count: ORDERS_ASKED_ABOUT });
    await owner.query("INSERT INTO offer_settings (shop_id, is_enabled, audience, currency, updated_at) VALUES ($1, true, 'every-order', 'EUR', now())", [shopId]);
    await owner.query('INSERT INTO loyalty_progress (shop_id, is_followed) VALUES ($1, true)', [shopId]);
  } finally {
    await owner.end();
  }
}

interface Measured {
  latencies: Record<Kind, number[]>;
  failed: number;
  rounds: number;
  /** Objects of the history that came in during the turns that count. */
  stored: number;
}

async function measure(ground: Ground): Promise<BenchOutcome> {
  const measured: Measured = { latencies: { livez: [], loyalty: [], 'first-look': [], order: [], offer: [] }, failed: 0, rounds: 0, stored: 0 };
  await ground.sync.untilStoring();
  // What a process does once, each of them alike.
  for (const kind of KINDS) await askFrom(ground, kind, { seconds: 1, from: 0 });
  while (measured.rounds < ROUNDS) {
    const turns = await takeRound(ground, measured.rounds);
    if (turns === null) break;
    measured.rounds += 1;
    for (const { kind, shots, stored } of turns) {
      measured.failed += shots.filter(({ status }) => status !== 200).length;
      measured.stored += stored;
      measured.latencies[kind].push(...shots.map(({ latencyMs }) => latencyMs));
    }
  }
  ground.say(`others keep ${(await busyProcessors()).toFixed(1)} processors busy, the sync among them; load ${loadavg().map((load) => load.toFixed(1)).join(', ')}`);
  return judge({ ...measured, asked: ground.askedOnce.offer, decided: await countDecisions(ground.perennial) }, ground.say);
}

interface Turn {
  kind: Kind;
  shots: OpenLoopShot[];
  stored: number;
}

/** Each kind once, and each the first as often as the others. Null where the sync does not last for a turn. */
async function takeRound(ground: Ground, round: number): Promise<Turn[] | null> {
  const turns: Turn[] = [];
  for (const kind of [...KINDS.slice(round % KINDS.length), ...KINDS.slice(0, round % KINDS.length)]) {
    const turn = await takeTurn(ground, kind, round * PER_SECOND * SECONDS_A_TURN);
    if (turn === null) return null;
    turns.push(turn);
  }
  return turns;
}

async function takeTurn(ground: Ground, kind: Kind, from: number): Promise<Turn | null> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const mark = await ground.sync.untilStoring();
    const shots = await askFrom(ground, kind, { seconds: SECONDS_A_TURN, from });
    const stored = ground.sync.storedSince(mark);
    // A turn in which a pull ended tells of another thing.
    if (stored !== null) return { kind, shots, stored };
  }
  return null;
}

async function askFrom(ground: Ground, kind: Kind, { seconds, from }: { seconds: number; from: number }): Promise<OpenLoopShot[]> {
  const once = ASKED_ONCE.find((known) => known === kind);
  if (once === undefined) return ask(ground, kind, { seconds, from });
  const shots = await ask(ground, kind, { seconds, from: ground.askedOnce[once] });
  ground.askedOnce[once] += PER_SECOND * seconds;
  return shots;
}

async function countDecisions({ databaseOwnerUrl }: PerennialUnderTest): Promise<number> {
  const owner = new pg.Client({ connectionString: databaseOwnerUrl });
  await owner.connect();
  try {
    const { rows } = await owner.query<{ count: number }>('SELECT count(*)::int AS count FROM offer_decisions d JOIN offer_codes c USING (shop_id, order_id)');
    return rows[0]?.count ?? 0;
  } finally {
    await owner.end();
  }
}

interface Judged extends Measured {
  /** How many orders were asked about the offer, and how many of them got a code. */
  asked: number;
  decided: number;
}

function judge({ latencies, failed, rounds, stored, asked, decided }: Judged, say: (line: string) => void): BenchOutcome {
  const of = (kind: Kind, share: number) => percentile(latencies[kind], share);
  const together = ASKED.flatMap((kind) => latencies[kind]);
  const ratioOf = (latenciesMs: readonly number[]) => percentile(latenciesMs, 0.95) / Math.max(1, of('livez', 0.95));
  const lineOf = (name: string, ofKind: readonly number[]): string[] => [
    name,
    ...[0.5, 0.95, 0.99, 1].map((share) => percentile(ofKind, share).toFixed(1)),
    ratioOf(ofKind).toFixed(2),
    String(ofKind.length),
  ];
  sayTable(
    [
      ['ms', 'p50', 'p95', 'p99', 'most', 'p95 to the rival’s', 'answers'],
      ...KINDS.map((kind) => lineOf(NAMES[kind], latencies[kind])),
      lineOf('the API: the four together', together),
    ],
    say,
  );
  // Nothing is under every bound: without rounds no claim holds.
  const isMeasured = rounds === ROUNDS;
  const claims = ASKED.map((kind): Claim => ({
    text: `p95 of ${NAMES[kind]} under ${P95_MS} ms: ${of(kind, 0.95).toFixed(1)}`,
    isKept: isMeasured && of(kind, 0.95) < P95_MS,
  }));
  const ratio = ratioOf(together);
  const isKept = sayClaims(
    [
      ...claims,
      { text: `p95 of the API under ${RATIO} times that of ${NAMES.livez}: ${ratio.toFixed(2)}`, isKept: isMeasured && ratio < RATIO },
      { text: `a decision and a code of each order asked about, ${asked}: ${decided}`, isKept: decided === asked },
      { text: `no errors: ${failed}`, isKept: isMeasured && failed === 0 },
      { text: `${ROUNDS} rounds while orders were coming in all the time: ${rounds}, ${stored} objects meanwhile`, isKept: isMeasured && stored > 0 },
    ],
    say,
  );
  return { ratio, isKept };
}

const ASKED: readonly Kind[] = ['loyalty', 'first-look', 'order', 'offer'];
const KINDS: readonly Kind[] = ['livez', ...ASKED];
