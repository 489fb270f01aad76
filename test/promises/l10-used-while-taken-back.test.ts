import { afterAll, beforeAll } from 'vitest';

import { seededRandom, type SeededRandom } from '#test/simulator/store/seeded-random.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openRedemptionShop, type RedemptionRow, type RedemptionShop } from '#test/support/loyalty/redemption-shop.ts';
import { promiseOf } from './promise.ts';

const POINTS = 500;
const MINUTE_MS = 60_000;
// How late Shopify may count a use and still be waited for.
const MOST_LAG_MINUTES = 9;
// Switching a code off takes two questions and a mutation at the most.
const MOST_ON_THE_WAY = 6;

let shop: RedemptionShop;

/** Called as each request leaves for Shopify and as its answer comes back. */
let onTheWay: () => void = () => {};
const direct = globalThis.fetch;

beforeAll(async () => {
  shop = await openRedemptionShop(660);
  await shop.saveProgram(aProgram());
  const toShopify = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    onTheWay();
    const answer = await toShopify(input, init);
    onTheWay();
    return answer;
  };
});

afterAll(async () => {
  globalThis.fetch = direct;
  await shop.stop();
});

interface Race {
  customerId: number;
  orderId: number;
  code: string;
  /** Shopify let the shopper have the discount. */
  wasUsed: boolean;
  countedAtMs: number;
  orderKnownAtMs: number;
}

/** As Shopify's checkout: a code that is active and not used yet is taken, and counted some time later. */
function tryToUse(race: Race, random: SeededRandom): void {
  const discount = shop.shopify.findCode(race.code)?.discount;
  if (!discount || discount.status !== 'ACTIVE' || Date.parse(discount.endsAt ?? '') <= Date.now()) return;
  race.wasUsed = true;
  race.countedAtMs = shop.now().getTime() + random.between(0, MOST_LAG_MINUTES) * MINUTE_MS;
  race.orderKnownAtMs = shop.now().getTime() + random.pick([0, 1, 30, 600]) * MINUTE_MS;
}

function countUse({ code }: Race): void {
  const discount = shop.shopify.findCode(code)?.discount;
  if (discount) shop.shopify.save('discount', { ...discount, codes: discount.codes.map((one) => ({ ...one, asyncUsageCount: 1 })) });
}

async function voidIt(redemption: RedemptionRow): Promise<void> {
  const { beginRelease } = await import('#app/services/loyalty/settle-release.server.ts');
  const { loadRedemption } = await import('#app/adapters/db/loyalty/redemptions.repository.server.ts');
  const { shop: ref, inShop } = shop.context;
  const loaded = await inShop((db) => loadRedemption(db, ref, redemption.redemption_id));
  if (loaded) await beginRelease(shop.context, loaded, 'void');
  await shop.advance();
}

/** Time passes from one thing that happens to the next: uses are counted, orders become known, the worker goes on. */
async function letTimePass(races: readonly Race[]): Promise<void> {
  const counted = new Set<Race>();
  const known = new Set<Race>();
  const used = races.filter(({ wasUsed }) => wasUsed);
  for (let step = 0; step < 5_000; step += 1) {
    const nowMs = shop.now().getTime();
    for (const race of used.filter((one) => !counted.has(one) && one.countedAtMs <= nowMs)) {
      countUse(race);
      counted.add(race);
    }
    for (const race of used.filter((one) => !known.has(one) && one.orderKnownAtMs <= nowMs)) {
      await shop.putOrder(race);
      known.add(race);
    }
    // Either may come first.
    await Promise.all(step % 2 === 0 ? [shop.award(), shop.advance()] : [shop.advance(), shop.award()]);
    const { rows } = await shop.owner.query<{ next: Date | null }>('SELECT min(not_before) AS next FROM loyalty_redemptions');
    const next = [
      ...(rows[0]?.next ? [rows[0].next.getTime()] : []),
      ...used.filter((one) => !counted.has(one)).map(({ countedAtMs }) => countedAtMs),
      ...used.filter((one) => !known.has(one)).map(({ orderKnownAtMs }) => orderKnownAtMs),
    ];
    if (next.length === 0) return;
    shop.setClock(new Date(Math.max(nowMs, Math.min(...next)) + MINUTE_MS / 2));
  }
  throw new Error('still not settled');
}

promiseOf('L10', 'a shopper pays with a code while it is being switched off', async ({ seed, pick }) => {
  const random = seededRandom(seed);
  const count = pick(12, 200);
  const races: Race[] = [];
  for (const customerId of [...shop.shopify.customers.keys()].slice(0, count)) {
    await shop.give(customerId, POINTS);
    const answer = await shop.redeem({ customerId: BigInt(customerId) });
    if (!answer.ok) throw new Error(answer.reason);
    races.push({ customerId, orderId: 50_000_000 + customerId, code: '', wasUsed: false, countedAtMs: 0, orderKnownAtMs: 0 });
  }
  while ((await shop.redemptions()).some(({ state }) => state === 'reserved')) await shop.advance();
  const issued = await shop.redemptions();
  const members = await shop.owner.query<{ member_id: string; customer_id: string }>('SELECT member_id, customer_id FROM loyalty_members');
  for (const race of races) {
    const memberId = members.rows.find(({ customer_id: id }) => id === String(race.customerId))?.member_id;
    const redemption = issued.find(({ member_id: id }) => id === memberId);
    if (!redemption?.code) throw new Error('not issued');
    race.code = redemption.code;
    // Before all, between any two of the things that go to Shopify and come back, or after the last.
    let left = random.between(0, MOST_ON_THE_WAY);
    onTheWay = () => {
      if (left === 0) tryToUse(race, random);
      left -= 1;
    };
    onTheWay();
    await voidIt(redemption);
    while (left >= 0) onTheWay();
  }
  onTheWay = () => {};
  await letTimePass(races);
  const counts = { used: 0, both: 0, neither: 0 };
  for (const { customerId, wasUsed } of races) {
    const { customer, reserved, redeemed } = await shop.balance(customerId);
    if (wasUsed) counts.used += 1;
    if (wasUsed && customer > 0) counts.both += 1;
    if (!wasUsed && customer !== POINTS) counts.neither += 1;
    if (reserved !== 0 || customer + redeemed !== POINTS) counts.neither += 1;
  }
  return {
    tried: `${count} races, of which the shopper won ${counts.used}`,
    measured: `${counts.both} both, ${counts.neither} neither`,
    isKept: counts.both === 0 && counts.neither === 0 && counts.used > 0 && counts.used < count,
  };
});
