import { afterAll, beforeAll } from 'vitest';

import type { RedeemInput } from '#app/services/loyalty/redeem-points.server.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop, type LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import { givePoints } from '#test/support/loyalty/give-points.ts';
import { promiseOf } from './promise.ts';

const COPIES = 5;
const MEMBERS = 10;
const POINTS = 500;
const KEYS_AT_ONCE = 25;

let shop: LoyaltyShop;

beforeAll(async () => {
  shop = await openLoyaltyShop();
  shop.setClock(new Date('2026-03-02T10:00:00Z'));
  await shop.saveProgram(aProgram());
});

afterAll(() => shop.stop());

promiseOf('L4', 'five copies of each request at once, then another body', async ({ pick }) => {
  const { redeemPoints } = await import('#app/services/loyalty/redeem-points.server.ts');
  const keys = pick(60, 500);
  for (let member = 1; member <= MEMBERS; member += 1) {
    await givePoints(shop.context, { customerId: BigInt(member), points: keys * POINTS, key: `l4/${member}` });
  }
  const counts = { unlike: 0, failed: 0, mismatchesLetThrough: 0 };
  const inputOf = (key: number): RedeemInput => ({
    customerId: BigInt(1 + (key % MEMBERS)),
    rewardId: 'amount-500',
    points: null,
    currency: null,
    requestKey: `wish/${key}`,
  });
  for (let from = 0; from < keys; from += KEYS_AT_ONCE) {
    const group = Array.from({ length: Math.min(KEYS_AT_ONCE, keys - from) }, (_, index) => from + index);
    const answers = await Promise.all(
      group.map(async (key) => Promise.all(Array.from({ length: COPIES }, async () => JSON.stringify(await redeemPoints(shop.context, inputOf(key)))))),
    );
    for (const copies of answers) {
      if (new Set(copies).size !== 1) counts.unlike += 1;
      if (!copies.every((copy) => copy.startsWith('{"ok":true'))) counts.failed += 1;
    }
    const changed = await Promise.all(
      group.map(async (key) => redeemPoints(shop.context, { ...inputOf(key), ...(key % 2 === 0 ? { rewardId: 'amount-1000' } : { customerId: BigInt(1 + ((key + 1) % MEMBERS)) }) })),
    );
    counts.mismatchesLetThrough += changed.filter((answer) => answer.ok || answer.reason !== 'request-changed').length;
  }
  // A day and more later the key still is what it was.
  shop.setClock(new Date('2026-03-04T10:00:00Z'));
  const late = await redeemPoints(shop.context, inputOf(0));
  const { rows } = await shop.owner.query<{ redemptions: number; reserved: number }>(
    `SELECT (SELECT count(*)::int FROM loyalty_redemptions) AS redemptions,
       (SELECT sum(points)::int FROM loyalty_postings WHERE account = 'reserved') AS reserved`,
  );
  const effects = rows[0]?.redemptions;
  return {
    tried: `${keys} keys x ${COPIES} copies at once, ${keys} with another body`,
    measured: `${effects} effects, ${counts.unlike} unlike answers, ${counts.failed} failed, ${counts.mismatchesLetThrough} mismatches let through`,
    isKept:
      effects === keys && rows[0]?.reserved === keys * POINTS && counts.unlike === 0 && counts.failed === 0 && counts.mismatchesLetThrough === 0 && late.ok,
  };
});
