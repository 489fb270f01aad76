import pg from 'pg';
import { afterAll, beforeAll, vi } from 'vitest';

import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { startKillablePostgres, type KillablePostgres, type PostgresDeath } from '#test/support/killable-postgres.ts';
import { givePoints } from '#test/support/loyalty/give-points.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop, putOrder, type LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { promiseOf } from './promise.ts';

const START = new Date('2026-03-02T10:00:00Z');
const CUSTOMERS = 40;
const GIVEN_POINTS = 1_000_000;
const SPENT_POINTS = 100;
const REDEEMERS = 4;
const BACK_PROMISED_MS = 30_000;
const ANSWERS_BETWEEN_KILLS = 12;
/** Orders not awarded yet. One insert is quicker than what follows from it: without a bound awarding would never come to an end. */
const MOST_ORDERS_AHEAD = 100;
const DEATHS: readonly PostgresDeath[] = ['immediate', 'postmaster', 'backend'];

let postgres: KillablePostgres;
let shop: LoyaltyShop;
let owner: pg.Pool;

beforeAll(async () => {
  postgres = await startKillablePostgres();
  shop = await openLoyaltyShop({ database: postgres.database });
  // That one connection dies with the first kill.
  shop.owner.on('error', () => {});
  owner = new pg.Pool({ connectionString: postgres.database.ownerUrl, max: 4 });
  owner.on('error', () => {});
  // One that is lent out is listened to by nobody else.
  owner.on('connect', (client) => client.on('error', () => {}));
  shop.setClock(START);
  await shop.saveProgram(aProgram({ earning: { welcomePoints: 50, firstOrderPoints: 70, pendingDays: 0 } }));
  for (let id = 1; id <= CUSTOMERS; id += 1) await givePoints(shop.context, { customerId: BigInt(id), points: GIVEN_POINTS, key: `given/${id}` });
}, 120_000);

afterAll(async () => {
  await owner.end();
  await shop.stop();
});

/** What the database said yes to, as those know it who asked. */
class Load {
  readonly redeemed = new Set<string>();
  readonly ordered = new Set<number>();
  readonly awarded = new Set<number>();
  interrupted = 0;
  #isOn = false;
  #clients: Promise<void>[] = [];

  get answers(): number {
    return this.redeemed.size + this.ordered.size + this.awarded.size;
  }

  start(): void {
    this.#isOn = true;
    const redeemers = Array.from({ length: REDEEMERS }, (_, index) => this.#repeat(() => this.#redeem(index)));
    this.#clients = [...redeemers, this.#repeat(() => this.#order()), this.#repeat(() => this.#award())];
  }

  /** Whoever was interrupted goes on until they have their answer. */
  async stop(): Promise<void> {
    this.#isOn = false;
    await Promise.all(this.#clients);
  }

  async #repeat(work: () => Promise<() => Promise<void>>): Promise<void> {
    while (this.#isOn) {
      const attempt = await work();
      for (let isDone = false; !isDone;) {
        isDone = await attempt().then(
          () => true,
          () => false,
        );
        if (!isDone) {
          this.interrupted += 1;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    }
  }

  #requests = 0;

  async #redeem(client: number): Promise<() => Promise<void>> {
    const { redeemPoints } = await import('#app/services/loyalty/redeem-points.server.ts');
    this.#requests += 1;
    const requestKey = `${client}/${this.#requests}`;
    const customerId = BigInt(1 + (this.#requests % CUSTOMERS));
    return async () => {
      const answer = await redeemPoints(shop.context, { customerId, rewardId: 'any-amount', points: SPENT_POINTS, currency: null, requestKey });
      if (!answer.ok) throw new Error(`refused: ${answer.reason}`);
      this.redeemed.add(requestKey);
    };
  }

  #orders = 0;

  async #order(): Promise<() => Promise<void>> {
    while (this.#isOn && this.ordered.size - this.awarded.size >= MOST_ORDERS_AHEAD) await new Promise((resolve) => setTimeout(resolve, 2));
    this.#orders += 1;
    const orderId = this.#orders;
    return async () => {
      const client = await owner.connect();
      try {
        // The client of a pool is one, and is thrown away below when anything went wrong.
        await putOrder(client, shop.context.shop.shopId, { orderId, customerId: 1 + (orderId % (2 * CUSTOMERS)), processedAt: START, currency: 'EUR', lines: [{ lineId: 1, totalMinor: 20_00 }] });
        client.release();
      } catch (error) {
        client.release(true);
        throw error;
      }
      this.ordered.add(orderId);
    };
  }

  async #award(): Promise<() => Promise<void>> {
    const { awardOrders } = await import('#app/services/loyalty/award-orders.server.ts');
    return async () => {
      const there = [...this.ordered];
      while ((await awardOrders(shop.context)) === 'more');
      for (const orderId of there) this.awarded.add(orderId);
    };
  }
}

interface Damage {
  lost: number;
  findings: number;
}

/** What those who asked had been told by now is there, against what is; and whether all that is there is whole. */
async function inspect(load: Load): Promise<Damage> {
  const told = { redeemed: [...load.redeemed], ordered: [...load.ordered], awarded: [...load.awarded] };
  // Connections that the server still is about to end are in the pool.
  return waitFor('PostgreSQL to answer', () => compare(told).catch(() => undefined), { timeoutMs: 2 * BACK_PROMISED_MS });
}

async function compare({ redeemed, ordered, awarded }: { redeemed: string[]; ordered: number[]; awarded: number[] }): Promise<Damage> {
  const { checkLedger } = await import('#app/adapters/db/checks/check-ledger.server.ts');
  const client = await owner.connect();
  try {
    // What goes on meanwhile is not looked at.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const known = async (sql: string): Promise<Set<string>> => new Set((await client.query<{ id: string }>(sql)).rows.map(({ id }) => id));
    const requests = await known(
      "SELECT request_key AS id FROM loyalty_redemptions r WHERE EXISTS (SELECT FROM loyalty_entries e WHERE (e.shop_id, e.redemption_id, e.kind) = (r.shop_id, r.redemption_id, 'reserve'))",
    );
    const orders = await known('SELECT o.order_id::text AS id FROM orders o JOIN order_lines l USING (shop_id, order_id)');
    const awards = await known("SELECT order_id::text AS id FROM loyalty_entries WHERE kind = 'order'");
    const lost = [
      ...redeemed.filter((key) => !requests.has(key)),
      ...ordered.filter((id) => !orders.has(String(id))),
      ...awarded.filter((id) => !awards.has(String(id))),
    ].length;
    const findings = (await checkLedger(client, shop.context.shop)).length;
    await client.query('COMMIT');
    client.release();
    return { lost, findings };
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Each key and each order has had one effect, and the points are what these come to. */
async function countWrongSums({ redeemed, ordered }: Load): Promise<number> {
  const { rows } = await owner.query<{ points: string; welcomed: string; first: string; orders: string }>(
    `SELECT (SELECT sum(balance_points) FROM loyalty_members) AS points,
       (SELECT count(*) FROM loyalty_entries WHERE entry_key LIKE 'grant/%/welcome/1') AS welcomed,
       (SELECT count(*) FROM loyalty_entries WHERE kind = 'grant' AND order_id IS NOT NULL) AS first,
       (SELECT count(*) FROM loyalty_entries WHERE kind = 'order') AS orders`,
  );
  const [row] = rows;
  // The first so many had points already, and were never welcomed.
  const buyers = new Set([...ordered].map((orderId) => 1 + (orderId % (2 * CUSTOMERS))));
  const newcomers = [...buyers].filter((id) => id > CUSTOMERS).length;
  const should = CUSTOMERS * GIVEN_POINTS + 50 * newcomers + 70 * buyers.size + 100 * ordered.size - SPENT_POINTS * redeemed.size;
  const facts = [
    [Number(row?.points), should],
    [Number(row?.welcomed), newcomers],
    [Number(row?.first), buyers.size],
    [Number(row?.orders), ordered.size],
  ];
  return facts.filter(([is, expected]) => is !== expected).length;
}

promiseOf('L2', 'PostgreSQL stopped at once, killed, and one of its processes killed, while four redeem, one orders, one awards', async ({ seed, pick }) => {
  const random = seededRandom(seed);
  const kills = pick(3, 50);
  const load = new Load();
  const unheard = vi.fn();
  process.on('unhandledRejection', unheard);
  let slowestMs = 0;
  const damage: Damage = { lost: 0, findings: 0 };
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const before = load.answers;
      load.start();
      await waitFor('some answers', async () => load.answers >= before + ANSWERS_BETWEEN_KILLS || undefined, { timeoutMs: BACK_PROMISED_MS });
      await new Promise((resolve) => setTimeout(resolve, random.between(0, 100)));
      const startedMs = performance.now();
      const [redeemed, awarded] = [load.redeemed.size, load.awarded.size];
      await postgres.kill(DEATHS[kill % DEATHS.length] ?? 'immediate');
      const { lost, findings } = await inspect(load);
      damage.lost += lost;
      damage.findings += findings;
      if (lost > 0) break;
      await waitFor('both to be answered again', async () => (load.redeemed.size > redeemed + REDEEMERS && load.awarded.size > awarded) || undefined, { timeoutMs: 2 * BACK_PROMISED_MS });
      slowestMs = Math.max(slowestMs, performance.now() - startedMs);
      await load.stop();
    }
    await shop.award();
  } finally {
    process.off('unhandledRejection', unheard);
  }
  const wrongSums = await countWrongSums(load);
  return {
    tried: `${kills} kills; ${load.redeemed.size} redemptions, ${load.ordered.size} orders and ${load.awarded.size} awards were answered, ${load.interrupted} attempts interrupted`,
    measured: `${damage.lost} answered and lost, ${damage.findings} findings, ${wrongSums} sums otherwise than answered; answers again after at most ${(slowestMs / 1_000).toFixed(1)} s`,
    isKept: damage.lost + damage.findings + wrongSums + unheard.mock.calls.length === 0 && slowestMs <= BACK_PROMISED_MS && load.interrupted > kills,
  };
});
