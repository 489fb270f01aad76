import { cpus } from 'node:os';

import { makeBareTable, openBareInserts } from './loyalty/bare-inserts.ts';
import type { LoyaltyGround } from './loyalty/loyalty-ground.ts';
import { onLoyaltyGround } from './loyalty/loyalty-ground.ts';
import { fillLedger, fillOrders, POSTINGS_A_MEMBER } from './loyalty/fill-ledger.ts';
import { busyProcessors, formatSeconds, medianOf, sayClaims, sayTable } from './bench.ts';
import type { Bench, BenchOptions, BenchOutcome } from './bench.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';

const FEW = 8;
/** Shoppers in a rush. The pool has twenty connections, whoever asks. */
const MANY = 64;
const ROUNDS = 5;
const ORDERS_A_BATCH = 200;
const BATCHES_A_ROUND = 16;
const REDEMPTIONS_A_ROUND = 1_600;
const SINGLE_AWARDS_A_ROUND = 800;
const BARE_A_ROUND = 2_400;
const AWARDS = `awards in batches, ${FEW} at once`;
const REDEMPTIONS = `redemptions, ${MANY} at once`;
const BALANCES = 3_000;
const PROMISED_RATIO = 1 / 3;
const PROMISED_BALANCE_SECONDS = 0.002;
const PROMISED_STALL = 1.5;

/**
 * Ours: orders awarded and rewards redeemed by the code that the worker and the storefront run, as the app's role under
 * row-level security. The rival: the least that a write can be, a transaction that inserts one row into a table with the
 * columns, checks, policy, indexes and rows of the ledger's entries, over the same pool, in whichever of the app's two ways
 * of opening a transaction, and by however many at once, it is quickest. The server is the embedded one with the demo's
 * durable settings: each COMMIT is on disk before it is answered. They take turns; the ratio is that of the medians.
 */
export const loyalty: Bench = {
  name: 'loyalty',
  rival: 'a transaction of one insert',
  claim: 'awards and redemptions a second at least a third of bare inserts; a balance within 2 ms at 10,000,000 postings (--full); a hot account stalls nobody',
  run: (options) => onLoyaltyGround((ground) => measure(ground, options)),
};

async function measure(ground: LoyaltyGround, { isFull, say }: BenchOptions): Promise<BenchOutcome> {
  const postings = isFull ? 10_000_000 : 1_000_000;
  const members = postings / POSTINGS_A_MEMBER;
  const { shopId } = ground.context.shop;
  await fillLedger(ground.owner, { shopId, members });
  await makeBareTable(ground.owner);
  // Once, and not before each round: the first change of a page after it writes the whole page to the log, which short
  // rounds over a large table would do nothing but. Those five minutes apart do it for both sides.
  await ground.owner.query('CHECKPOINT');
  say(`${postings.toLocaleString('en')} postings of ${members.toLocaleString('en')} members; ${ROUNDS} rounds`);
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

interface Kind {
  readonly count: number;
  /** Of which each asks for the next as soon as it has its answer. */
  readonly clients: number;
  readonly work: () => Promise<void>;
  /** How many awards one is, where it is not one. */
  readonly items?: number;
  readonly isBare?: boolean;
}

interface Rates {
  awards: number;
  redemptions: number;
}

async function measureWrites(ground: LoyaltyGround, members: number, say: BenchOptions['say']): Promise<Rates> {
  const ours = await openOurs(ground, members);
  const bare = await openBareInserts(ground, members);
  const kinds: Record<string, Kind> = {
    [`bare insert, ${FEW} at once`]: { count: BARE_A_ROUND, clients: FEW, work: bare.insert, isBare: true },
    [`bare insert, sent with BEGIN, ${FEW} at once`]: { count: BARE_A_ROUND, clients: FEW, work: bare.insertBriefly, isBare: true },
    [`bare insert, ${MANY} at once`]: { count: BARE_A_ROUND, clients: MANY, work: bare.insert, isBare: true },
    [`bare insert, sent with BEGIN, ${MANY} at once`]: { count: BARE_A_ROUND, clients: MANY, work: bare.insertBriefly, isBare: true },
    [AWARDS]: { count: BATCHES_A_ROUND, items: ORDERS_A_BATCH, clients: FEW, work: ours.awardBatch },
    [`awards one by one, ${FEW} at once`]: { count: SINGLE_AWARDS_A_ROUND, clients: FEW, work: ours.awardOne },
    [`redemptions, ${FEW} at once`]: { count: REDEMPTIONS_A_ROUND, clients: FEW, work: ours.redeem },
    [REDEMPTIONS]: { count: REDEMPTIONS_A_ROUND, clients: MANY, work: ours.redeem },
  };
  const seconds: Record<string, number[]> = {};
  // A first turn, not counted, warms all up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    await ours.prepareRound();
    for (const [name, kind] of Object.entries(kinds)) {
      const taken = await share(kind);
      if (round > 0) (seconds[name] ??= []).push(taken / (kind.count * (kind.items ?? 1)));
    }
  }
  const each = (name: string): number => medianOf(seconds[name] ?? []);
  const rival = Math.min(...Object.entries(kinds).flatMap(([name, { isBare }]) => (isBare === true ? [each(name)] : [])));
  sayTable(
    [
      ['', 'a second', 'of bare'],
      ...Object.keys(kinds).map((name) => [name, Math.round(1 / each(name)).toLocaleString('en'), (rival / each(name)).toFixed(2)]),
    ],
    say,
  );
  return { awards: rival / each(AWARDS), redemptions: rival / each(REDEMPTIONS) };
}

/** The clients take what is left to do, one piece at a time. @returns how long all of it took */
async function share({ count, clients, work }: Kind): Promise<number> {
  let left = count;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  return (performance.now() - startedAt) / 1000;
}

interface Ours {
  /** Orders for a round, outside of what is timed. */
  prepareRound: () => Promise<void>;
  awardBatch: () => Promise<void>;
  awardOne: () => Promise<void>;
  redeem: () => Promise<void>;
}

async function openOurs({ owner, context }: LoyaltyGround, members: number): Promise<Ours> {
  const { withBriefConnection } = await import('#app/adapters/db/brief-connection.server.ts');
  const { readEarningOrders } = await import('#app/adapters/db/loyalty/orders-to-award.server.ts');
  const { readTerms } = await import('#app/adapters/db/loyalty/newest-program.server.ts');
  const { awardThese } = await import('#app/services/loyalty/award-orders.server.ts');
  const redeem = await openRedeem(context);
  const { shop, pool } = context;
  let nextOrder = 1_000_000_000;
  let filledTo = nextOrder;
  let redeemed = 0;

  // As `awardOrders` does it, but for the mark of how far it came, which one worker moves.
  const award = async (count: number): Promise<void> => {
    const orderIds = Array.from({ length: count }, (_, index) => BigInt(nextOrder + index));
    nextOrder += count;
    if (nextOrder > filledTo) throw new Error('There are no orders left to award.');
    await withBriefConnection(pool, shop, async (connection, askLast) => {
      const terms = await readTerms(connection, shop);
      if (terms === null) throw new Error('There is no program.');
      const orders = async () => {
        const read = await readEarningOrders(connection, shop, orderIds);
        if (read.length !== count) throw new Error('There is nothing to award.');
        return read;
      };
      askLast(await awardThese(context, connection, { orderIds, orders, terms }));
    });
  };
  return {
    prepareRound: async () => {
      const count = BATCHES_A_ROUND * ORDERS_A_BATCH + SINGLE_AWARDS_A_ROUND;
      await fillOrders(owner, { shopId: shop.shopId, members, firstId: filledTo, count });
      filledTo += count;
      await owner.query('ANALYZE orders, order_lines, loyalty_entries, loyalty_postings, loyalty_redemptions');
    },
    awardBatch: () => award(ORDERS_A_BATCH),
    awardOne: () => award(1),
    redeem: async () => {
      redeemed += 1;
      await redeem({ customer: 1 + ((redeemed * 7919) % members), request: `write/${redeemed}` });
    },
  };
}

type Redeem = (wish: { customer: number; request: string }) => Promise<void>;

/** What the storefront and the customer's account ask for when a shopper wishes. */
async function openRedeem(context: LoyaltyGround['context']): Promise<Redeem> {
  const { redeemPoints } = await import('#app/services/loyalty/redeem-points.server.ts');
  return async ({ customer, request }) => {
    const redeemed = await redeemPoints(context, { customerId: BigInt(customer), rewardId: 'any-amount', points: 100, currency: null, requestKey: request });
    if (!redeemed.ok) throw new Error(`A redemption was refused: ${redeemed.reason}`);
  };
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
  const redeem = await openRedeem(context);
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
        latencies.push(await secondsOf(() => redeem({ customer: many(), request: `hot/${(request += 1)}` })));
      }
    };
    const beside = async (): Promise<void> => {
      while (left > 0) await redeem({ customer: others(), request: `hot/${(request += 1)}` });
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
