import { cpus } from 'node:os';
import type pg from 'pg';

import type { LoyaltyGround } from './loyalty/loyalty-ground.ts';
import { onLoyaltyGround } from './loyalty/loyalty-ground.ts';
import { fillLedger, fillOrders, POSTINGS_A_MEMBER } from './loyalty/fill-ledger.ts';
import { busyProcessors, formatSeconds, medianOf, sayClaims, sayTable } from './bench.ts';
import type { Bench, BenchOptions, BenchOutcome } from './bench.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';

const CLIENTS = 8;
const ROUNDS = 5;
const ORDERS_A_BATCH = 200;
const BATCHES_A_ROUND = 16;
const REDEMPTIONS_A_ROUND = 800;
const SINGLE_AWARDS_A_ROUND = 800;
const BARE_A_ROUND = 2_400;
const BALANCES = 3_000;
const PROMISED_RATIO = 1 / 3;
const PROMISED_BALANCE_SECONDS = 0.002;
const PROMISED_STALL = 1.5;

/**
 * Ours: orders awarded and rewards redeemed by the code that the worker and the storefront run, as the app's role under
 * row-level security. The rival: the least that a write can be, a transaction that inserts one row into a table with the
 * columns, checks, indexes and policy of the ledger's entries, by the same clients over the same pool, by the quicker of
 * the two ways in which the app opens a transaction. The server is the embedded one with the demo's durable settings: each
 * COMMIT is on disk before it is answered. They take turns; the ratio is that of the medians.
 */
export const loyalty: Bench = {
  name: 'loyalty',
  rival: 'a transaction of one insert',
  claim: 'awards and redemptions a second at least a third of bare inserts; a balance within 2 ms at 10,000,000 postings (--full); a hot account stalls nobody',
  run: (options) => onLoyaltyGround((ground) => measure(ground, options)),
};

const BARE_TABLE = `
  CREATE TABLE bench_entries (LIKE loyalty_entries INCLUDING ALL);
  GRANT INSERT ON bench_entries TO perennial_app;
  ALTER TABLE bench_entries ENABLE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON bench_entries TO perennial_app
    USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
    WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int)`;

async function measure(ground: LoyaltyGround, { isFull, say }: BenchOptions): Promise<BenchOutcome> {
  const postings = isFull ? 10_000_000 : 1_000_000;
  const members = postings / POSTINGS_A_MEMBER;
  const { shopId } = ground.context.shop;
  await fillLedger(ground.owner, { shopId, members });
  await ground.owner.query(BARE_TABLE);
  say(`${postings.toLocaleString('en')} postings of ${members.toLocaleString('en')} members; ${CLIENTS} clients, ${ROUNDS} rounds`);
  say(`others keep ${(await busyProcessors()).toFixed(1)} of ${cpus().length} processors busy`);
  const rates = await measureWrites(ground, members, say);
  const balance = await measureBalances(ground, members, say);
  const stall = await measureHotAccount(ground, members, say);
  const isKept = sayClaims(
    [
      { text: `awards ${rates.awards.toFixed(2)} of bare inserts, at least ${PROMISED_RATIO.toFixed(2)}`, isKept: rates.awards >= PROMISED_RATIO },
      { text: `redemptions ${rates.redemptions.toFixed(2)} of bare inserts, at least ${PROMISED_RATIO.toFixed(2)}`, isKept: rates.redemptions >= PROMISED_RATIO },
      { text: `a balance within 2 ms, p99 beside that of SELECT 1: ${formatSeconds(balance)}`, isKept: balance < PROMISED_BALANCE_SECONDS },
      { text: `p99 of others beside a hot account ${stall.toFixed(2)} of that without, at most ${PROMISED_STALL}`, isKept: stall <= PROMISED_STALL },
    ],
    say,
  );
  return { ratio: Math.min(rates.awards, rates.redemptions), isKept };
}

interface Rates {
  awards: number;
  redemptions: number;
}

async function measureWrites(ground: LoyaltyGround, members: number, say: BenchOptions['say']): Promise<Rates> {
  const ours = await openOurs(ground, members);
  const kinds = {
    'bare insert': { count: BARE_A_ROUND, work: ours.insert },
    'bare insert, sent with BEGIN': { count: BARE_A_ROUND, work: ours.insertBriefly },
    'awards in batches': { count: BATCHES_A_ROUND, work: ours.awardBatch },
    'awards one by one': { count: SINGLE_AWARDS_A_ROUND, work: ours.awardOne },
    redemptions: { count: REDEMPTIONS_A_ROUND, work: ours.redeem },
  };
  const seconds: Record<string, number[]> = {};
  // A first turn, not counted, warms all up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    await ours.prepareRound();
    for (const [name, { count, work }] of Object.entries(kinds)) {
      const taken = await share(count, work);
      const items = name === 'awards in batches' ? count * ORDERS_A_BATCH : count;
      if (round > 0) (seconds[name] ??= []).push(taken / items);
    }
  }
  const each = (name: keyof typeof kinds): number => medianOf(seconds[name] ?? []);
  const bare = Math.min(each('bare insert'), each('bare insert, sent with BEGIN'));
  sayTable(
    [
      ['', 'a second', 'of bare'],
      ...Object.keys(kinds).map((name) => {
        const one = medianOf(seconds[name] ?? []);
        return [name, Math.round(1 / one).toLocaleString('en'), (bare / one).toFixed(2)];
      }),
    ],
    say,
  );
  return { awards: bare / each('awards in batches'), redemptions: bare / each('redemptions') };
}

/** The clients take what is left to do, one piece at a time. @returns how long all of it took */
async function share(count: number, work: () => Promise<void>): Promise<number> {
  let left = count;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return (performance.now() - startedAt) / 1000;
}

interface Ours {
  /** Orders for a round, outside of what is timed. */
  prepareRound: () => Promise<void>;
  insert: () => Promise<void>;
  insertBriefly: () => Promise<void>;
  awardBatch: () => Promise<void>;
  awardOne: () => Promise<void>;
  redeem: () => Promise<void>;
}

async function openOurs({ owner, context }: LoyaltyGround, members: number): Promise<Ours> {
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  const { withBriefConnection } = await import('#app/adapters/db/brief-connection.server.ts');
  const { readEarningOrders } = await import('#app/adapters/db/loyalty/orders-to-award.server.ts');
  const { readTerms } = await import('#app/adapters/db/loyalty/newest-program.server.ts');
  const { awardThese } = await import('#app/services/loyalty/award-orders.server.ts');
  const { shop, pool } = context;
  let nextOrder = 1_000_000_000;
  let filledTo = nextOrder;
  let inserted = 0;
  let redeemed = 0;

  // As `awardOrders` does it, but for the mark of how far it came, which one worker moves.
  const award = async (count: number): Promise<void> => {
    const orderIds = Array.from({ length: count }, (_, index) => BigInt(nextOrder + index));
    nextOrder += count;
    if (nextOrder > filledTo) throw new Error('There are no orders left to award.');
    const read = await withBriefConnection(pool, shop, async (connection) => {
      const terms = await readTerms(connection, shop);
      return terms && { terms, orders: await readEarningOrders(connection, shop, orderIds) };
    });
    if (read?.orders.length !== count) throw new Error('There is nothing to award.');
    await withBriefConnection(pool, shop, async (connection, askLast) => askLast(await awardThese(context, connection, read)));
  };
  return {
    prepareRound: async () => {
      const count = BATCHES_A_ROUND * ORDERS_A_BATCH + SINGLE_AWARDS_A_ROUND;
      await fillOrders(owner, { shopId: shop.shopId, members, firstId: filledTo, count });
      filledTo += count;
      await owner.query('ANALYZE orders, order_lines, loyalty_entries, loyalty_postings, loyalty_redemptions');
      await owner.query('CHECKPOINT');
    },
    insert: () => withTenantConnection(pool, shop, (connection) => insertBare(connection, shop.shopId, (inserted += 1))),
    insertBriefly: () => withBriefConnection(pool, shop, (connection) => insertBare(connection, shop.shopId, (inserted += 1))),
    awardBatch: () => award(ORDERS_A_BATCH),
    awardOne: () => award(1),
    redeem: async () => {
      redeemed += 1;
      await redeemOnce(context, { customer: 1 + ((redeemed * 7919) % members), request: `write/${redeemed}` });
    },
  };
}

async function insertBare(connection: pg.PoolClient, shopId: number, number: number): Promise<void> {
  const now = new Date();
  await connection.query({
    name: 'bench-insert',
    text: `INSERT INTO bench_entries (shop_id, member_id, sequence, kind, entry_key, occurred_at, recorded_at, order_id, program_version, reason, hash)
      VALUES ($1, $2, $3, 'order', $4, $5, $5, $6, 1, $7, $8)`,
    values: [shopId, number % 20_000, number, `order/${number}/1`, now, number, '{"code": "order-earned"}', Buffer.alloc(32, 7)],
  });
}

async function redeemOnce(context: LoyaltyGround['context'], { customer, request }: { customer: number; request: string }): Promise<void> {
  const { redeemPoints } = await import('#app/services/loyalty/redeem-points.server.ts');
  const redeemed = await redeemPoints(context, { customerId: BigInt(customer), rewardId: 'any-amount', points: 100, currency: null, requestKey: request });
  if (!redeemed.ok) throw new Error(`A redemption was refused: ${redeemed.reason}`);
}

/** One member's points by lot, as every decision reads them, in a transaction that is open already. @returns p99 less that of nothing */
async function measureBalances({ context }: LoyaltyGround, members: number, say: BenchOptions['say']): Promise<number> {
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  const { loadLedgers } = await import('#app/adapters/db/loyalty/members.repository.server.ts');
  const random = seededRandom(5);
  const balances: number[] = [];
  const nothings: number[] = [];
  await withTenantConnection(context.pool, context.shop, async (connection) => {
    for (let read = 0; read < BALANCES; read += 1) {
      const memberId = BigInt(random.between(1, members));
      nothings.push(await secondsOf(() => connection.query({ name: 'bench-nothing', text: 'SELECT 1' })));
      balances.push(
        await secondsOf(async () => {
          const ledger = (await loadLedgers(connection, context.shop, [memberId])).get(memberId);
          if (ledger === undefined) throw new Error('A member has no points.');
        }),
      );
    }
  });
  const row = (name: string, values: readonly number[]) => [name, formatSeconds(quantile(values, 0.5)), formatSeconds(quantile(values, 0.99))];
  sayTable([['', 'p50', 'p99'], row('a balance', balances), row('SELECT 1', nothings)], say);
  return Math.max(quantile(balances, 0.5), quantile(balances, 0.99) - quantile(nothings, 0.99));
}

/**
 * Four clients redeem for many members and are measured. Beside them four more do, either for many members as well or all
 * for one, so that the machine has as much to do both times. @returns the p99 beside the hot account by the other
 */
async function measureHotAccount({ owner, context }: LoyaltyGround, members: number, say: BenchOptions['say']): Promise<number> {
  const hot = members;
  await owner.query("SET session_replication_role = 'replica'");
  await owner.query(
    "UPDATE loyalty_postings SET points = points * 1000 WHERE member_id = (SELECT member_id FROM loyalty_members WHERE customer_id = $1) AND sequence >= 16",
    [hot],
  );
  await owner.query("SET session_replication_role = 'origin'");
  let request = 0;
  let next = 0;
  const many = (): number => (next = (next + 104_729) % (members - 1)) + 1;
  const round = async (others: () => number): Promise<number> => {
    const latencies: number[] = [];
    let left = 600;
    const measured = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        latencies.push(await secondsOf(() => redeemOnce(context, { customer: many(), request: `hot/${(request += 1)}` })));
      }
    };
    const beside = async (): Promise<void> => {
      while (left > 0) await redeemOnce(context, { customer: others(), request: `hot/${(request += 1)}` });
    };
    await Promise.all([measured(), measured(), measured(), measured(), beside(), beside(), beside(), beside()]);
    return quantile(latencies, 0.99);
  };
  const [cold, warm]: [number[], number[]] = [[], []];
  for (let turn = 0; turn <= ROUNDS; turn += 1) {
    const without = await round(many);
    const withHot = await round(() => hot);
    if (turn === 0) continue;
    cold.push(without);
    warm.push(withHot);
  }
  say(`p99 of a redemption: ${formatSeconds(medianOf(cold))} beside four clients of many members, ${formatSeconds(medianOf(warm))} beside four of one`);
  return medianOf(warm) / medianOf(cold);
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}
