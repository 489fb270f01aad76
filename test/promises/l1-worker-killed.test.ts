import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { afterAll, beforeAll } from 'vitest';

import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { promiseOf } from './promise.ts';

const START_MS = Date.UTC(2026, 2, 2, 10);
/** Return windows are over by then, and a third of the orders was refunded meanwhile. */
const LATER_MS = START_MS + 20 * 86_400_000;
/** More than one turn of the worker. */
const ORDERS = 260;
const CUSTOMERS = 90;
const LONGEST_LIFE_MS = 250;

let shop: LoyaltyShop;

beforeAll(async () => {
  shop = await openLoyaltyShop();
  shop.setClock(new Date(START_MS - 1));
  await shop.saveProgram(aProgram({ earning: { welcomePoints: 50, firstOrderPoints: 70 } }));
});

afterAll(() => shop.stop());

/** Where the worker is killed: at a failpoint's pass, or after so long. */
type Death = { readonly failpoint: string } | { readonly afterMs: number };

/** @returns whether it was killed before it was done */
async function workUntilKilled(death: Death, atMs: number): Promise<boolean> {
  const { shopId, domain } = shop.context.shop;
  const FAILPOINTS = 'failpoint' in death ? death.failpoint : '';
  const worker = spawn(
    process.execPath,
    ['test/support/loyalty/award-worker.cli.ts', String(shopId), domain, new Date(atMs).toISOString()],
    { cwd: PROJECT_DIR, env: { ...process.env, FAILPOINTS }, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const ended = once(worker, 'exit');
  if ('afterMs' in death) {
    await Promise.race([once(worker.stdout, 'data'), ended]);
    await new Promise((resolve) => setTimeout(resolve, death.afterMs));
    worker.kill('SIGKILL');
  }
  const [, signal] = await ended;
  return signal === 'SIGKILL';
}

async function putOrders(refunded: boolean): Promise<void> {
  for (let orderId = 1; orderId <= ORDERS; orderId += 1) {
    if (refunded && orderId % 3 !== 0) continue;
    const line = { lineId: 1, totalMinor: 2_000 + orderId * 37, quantity: 2, currentQuantity: refunded ? orderId % 2 : 2 };
    await shop.putOrder({ orderId, customerId: 1 + (orderId % CUSTOMERS), processedAt: new Date(START_MS - orderId * 1_000), lines: [line] });
  }
}

/** The same history from the beginning, with the worker killed on the way; each time another takes over. */
async function live(early: readonly Death[], late: readonly Death[]): Promise<{ ledger: string[]; kills: number }> {
  await shop.owner.query("SET session_replication_role = 'replica'; DELETE FROM loyalty_postings; DELETE FROM loyalty_entries; DELETE FROM loyalty_members; SET session_replication_role = 'origin'");
  await shop.owner.query('DELETE FROM orders');
  await shop.owner.query('UPDATE loyalty_progress SET orders_version = (SELECT data_version FROM shops WHERE shops.shop_id = loyalty_progress.shop_id)');
  let kills = 0;
  for (const { atMs, deaths } of [{ atMs: START_MS, deaths: early }, { atMs: LATER_MS, deaths: late }]) {
    await putOrders(atMs === LATER_MS);
    for (const death of deaths) if (await workUntilKilled(death, atMs)) kills += 1;
    shop.setClock(new Date(atMs));
    await shop.award();
    await shop.passTime();
  }
  return { ledger: await readLedger(), kills };
}

/** Everything that an entry says, by customer: the numbers of members are others each time. */
async function readLedger(): Promise<string[]> {
  const { rows } = await shop.owner.query<{ entry: string }>(`
    SELECT jsonb_build_array(m.customer_id, e.sequence, e.kind, CASE e.kind WHEN 'order' THEN e.entry_key
      ELSE replace(e.entry_key, '/' || e.member_id || '/', '/member/') END, e.occurred_at, e.recorded_at, e.order_id, e.program_version, e.reason,
      (SELECT jsonb_agg(jsonb_build_array(p.account, p.points, p.lot_no, p.matures_at, p.expires_on, p.lot_order_id) ORDER BY p.posting_no)
        FROM loyalty_postings p WHERE (p.shop_id, p.member_id, p.sequence) = (e.shop_id, e.member_id, e.sequence)),
      m.balance_points, m.pending_points, m.reserved_points)::text AS entry
    FROM loyalty_entries e JOIN loyalty_members m USING (shop_id, member_id) ORDER BY m.customer_id, e.sequence`);
  return rows.map(({ entry }) => entry);
}

promiseOf('L1', 'the worker that awards, killed at random and at every failpoint', async ({ seed, pick }) => {
  const random = seededRandom(seed);
  const { ledger: undisturbed } = await live([], []);
  const soon = (): Death => ({ afterMs: random.between(0, LONGEST_LIFE_MS) });
  let [kills, different, findings] = [0, 0, 0];
  const { checkLedger } = await import('#app/adapters/db/checks/check-ledger.server.ts');
  const histories = pick(1, 20);
  for (let history = 0; history < histories; history += 1) {
    const chances = (count: number): Death[] => Array.from({ length: count }, soon);
    const hasFailpoints = history < 3;
    const early = [...(hasFailpoints ? [{ failpoint: 'award-after-read=kill@2' }, { failpoint: 'award-inside=kill@1' }] : []), ...chances(pick(1, 5))];
    const late = [...(hasFailpoints ? [{ failpoint: 'member-time-inside=kill@1' }] : []), ...chances(pick(0, 5))];
    const lived = await live(early, late);
    kills += lived.kills;
    if (lived.ledger.join('\n') !== undisturbed.join('\n')) different += 1;
    findings += (await checkLedger(shop.owner, shop.context.shop)).length;
  }
  return {
    tried: `${histories} histories of ${ORDERS} orders, ${kills} workers killed`,
    measured: `${different} ledgers other than the undisturbed one of ${undisturbed.length} entries, ${findings} findings`,
    isKept: different === 0 && findings === 0 && undisturbed.length > ORDERS && kills >= pick(3, 100),
  };
});
