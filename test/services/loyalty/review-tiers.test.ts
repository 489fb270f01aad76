import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { Tiers } from '#app/domain/loyalty/program/program.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';

const DAY_MS = 86_400_000;
const START = new Date('2026-03-02T10:00:00Z');

let shop: LoyaltyShop;
let nextId = 1000;

/** Bronze, Silver from 1,000 with 50 points for reaching it, Gold from 2,000. */
function someTiers(change: Partial<Tiers> = {}): Tiers {
  const usual = defaultProgram({ currency: 'EUR', unitMinor: 100 }).tiers;
  if (usual === null) throw new Error('the default has tiers');
  const levels = usual.levels.map((level) => (level.id === 'silver' ? { ...level, entryPoints: 50 } : level));
  return { ...usual, levels, ...change };
}

beforeAll(async () => {
  shop = await openLoyaltyShop();
});

afterAll(() => shop.stop());

/** A program of its own for each test, saved a day before. */
async function begin(tiers: Tiers | null, at = START): Promise<void> {
  shop.setClock(new Date(at.getTime() - DAY_MS));
  await shop.saveProgram(aProgram({ tiers, expiry: { kind: 'never' }, earning: { pendingDays: 0 } }));
  shop.setClock(at);
}

function freshId(): number {
  nextId += 1;
  return nextId;
}

async function buy(customerId: number, totalMinor: number, processedAt = shop.context.now()): Promise<number> {
  const orderId = freshId();
  await shop.putOrder({ orderId, customerId, processedAt, lines: [{ lineId: 1, totalMinor }] });
  return orderId;
}

async function changesOf(customerId: number): Promise<{ no: number; tier: string; at: string; grace: boolean; code: string; amount: number }[]> {
  const { rows } = await shop.owner.query<{ no: number; tier: string; at: Date; grace: boolean; code: string; amount: number }>(
    `SELECT change_no AS no, tier_id AS tier, effective_at AS at, grace_until IS NOT NULL AS grace, reason ->> 'code' AS code,
       (reason ->> 'amount')::int AS amount
     FROM loyalty_tier_changes JOIN loyalty_members m USING (shop_id, member_id) WHERE m.customer_id = $1 ORDER BY change_no`,
    [customerId],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

async function noticesOf(customerId: number): Promise<string[]> {
  const { rows } = await shop.owner.query<{ notice: string }>(
    `SELECT n.kind || ' ' || (n.facts ->> 'tierId') || coalesce(' ' || (n.facts ->> 'day'), '') AS notice
     FROM loyalty_notices n JOIN loyalty_members m USING (shop_id, member_id) WHERE m.customer_id = $1 ORDER BY n.due_at, n.notice_key`,
    [customerId],
  );
  return rows.map(({ notice }) => notice);
}

async function entriesOf(customerId: number): Promise<string[]> {
  const { rows } = await shop.owner.query<{ entry: string }>(
    `SELECT e.reason ->> 'code' || ' ' || -sum(p.points) AS entry FROM loyalty_entries e
     JOIN loyalty_members m USING (shop_id, member_id) JOIN loyalty_postings p USING (shop_id, member_id, sequence)
     WHERE m.customer_id = $1 AND p.account = 'issued' GROUP BY e.shop_id, e.member_id, e.sequence ORDER BY e.sequence`,
    [customerId],
  );
  return rows.map(({ entry }) => entry);
}

/** Runs time on to an instant, stopping at every moment at which something is due, as the worker would. */
async function runTo(at: Date): Promise<void> {
  for (;;) {
    const { rows } = await shop.owner.query<{ due: Date | null }>('SELECT min(due_at) AS due FROM loyalty_members');
    const due = rows[0]?.due;
    if (!due || due > at) break;
    shop.setClock(due > shop.context.now() ? due : shop.context.now());
    await shop.passTime();
  }
  shop.setClock(at);
}

describe('a member', () => {
  let customerId: number;

  beforeEach(() => {
    customerId = freshId();
  });

  it('rises with the order that reaches a tier, is told, and gets its points once in a life', async () => {
    await begin(someTiers());
    const first = await buy(customerId, 200_00);
    await shop.award();
    expect(await changesOf(customerId)).toEqual([{ no: 1, tier: 'silver', at: START.toISOString(), grace: false, code: 'reached', amount: 1000 }]);
    expect(await noticesOf(customerId)).toEqual(['tier-raised silver']);
    shop.setClock(new Date(START.getTime() + DAY_MS));
    await buy(customerId, 10_00);
    await shop.award();
    // 25 % more in silver: 62.5 points, rounded up.
    expect(await entriesOf(customerId)).toEqual(['order-earned 1000', 'tier-reached 50', 'order-earned 63']);
    await shop.putOrder({ orderId: first, customerId, processedAt: START, lines: [{ lineId: 1, totalMinor: 200_00, currentQuantity: 0 }] });
    await shop.award();
    await runTo(new Date(START.getTime() + 40 * DAY_MS));
    await buy(customerId, 300_00);
    await shop.award();
    expect((await changesOf(customerId)).map(({ tier }) => tier)).toEqual(['silver', 'bronze', 'silver']);
    expect((await entriesOf(customerId)).filter((entry) => entry.startsWith('tier'))).toEqual(['tier-reached 50']);
  });

  it('has the tier for the next order of the same turn, as if they had come one by one', async () => {
    await begin(someTiers());
    await buy(customerId, 200_00);
    await buy(customerId, 100_00, new Date(START.getTime() + 1000));
    shop.setClock(new Date(START.getTime() + 5000));
    await shop.award();
    expect(await entriesOf(customerId)).toEqual(['order-earned 1000', 'tier-reached 50', 'order-earned 625']);
  });

  it('is told of a fall when the rolling year drops below, and falls thirty days later at midnight', async () => {
    await begin(someTiers({ basis: 'spend' }));
    await buy(customerId, 30_00);
    await shop.award();
    await runTo(new Date('2027-03-01T22:59:59Z'));
    expect(await noticesOf(customerId)).toEqual(['tier-raised gold']);
    // 2 March 2027 is the 365th day after; Berlin's midnight.
    await runTo(new Date('2027-03-01T23:00:00Z'));
    expect(await noticesOf(customerId)).toEqual(['tier-raised gold', 'tier-falling bronze 2027-04-01']);
    await runTo(new Date('2027-06-01T00:00:00Z'));
    expect(await changesOf(customerId)).toMatchObject([
      { tier: 'gold', grace: false },
      { tier: 'bronze', at: '2027-03-31T22:00:00.000Z', grace: true, code: 'not-reached', amount: 0 },
    ]);
    expect(await noticesOf(customerId)).toEqual(['tier-raised gold', 'tier-falling bronze 2027-04-01', 'tier-fell bronze']);
  });

  it('keeps the tier with an order in the days of grace', async () => {
    await begin(someTiers({ basis: 'orders', levels: someTiers().levels.map((level, index) => ({ ...level, threshold: index })) }));
    await buy(customerId, 30_00);
    await shop.award();
    await runTo(new Date('2027-03-10T12:00:00Z'));
    await buy(customerId, 30_00);
    await shop.award();
    await runTo(new Date('2027-06-01T00:00:00Z'));
    expect((await changesOf(customerId)).map(({ tier, code }) => `${tier} ${code}`)).toEqual(['silver reached', 'bronze not-reached', 'silver kept']);
    expect(await noticesOf(customerId)).toEqual(['tier-raised silver', 'tier-falling bronze 2027-04-01']);
  });

  it('neither rises nor falls while the program is paused', async () => {
    await begin(someTiers({ basis: 'spend' }));
    await buy(customerId, 30_00);
    await shop.award();
    shop.setClock(new Date('2026-06-01T10:00:00Z'));
    await shop.saveProgram(aProgram({ tiers: someTiers({ basis: 'spend' }), expiry: { kind: 'never' }, status: { kind: 'paused' } }));
    await runTo(new Date('2028-01-01T00:00:00Z'));
    expect((await changesOf(customerId)).map(({ tier }) => tier)).toEqual(['gold']);
  });

  it('does not fall while the program is paused, though the fall lay ahead, and has all days of grace once it runs again', async () => {
    const { lookOverMembers } = await import('#app/services/loyalty/look-over-members.server.ts');
    const { tierAt } = await import('#app/domain/loyalty/tiers/tier-at.ts');
    const program = aProgram({ tiers: someTiers({ basis: 'spend' }), expiry: { kind: 'never' } });
    const save = async (at: string, change: Partial<typeof program>) => {
      shop.setClock(new Date(at));
      await shop.saveProgram({ ...program, ...change });
      await shop.owner.query('UPDATE loyalty_progress SET check_due_at = $1', [shop.context.now()]);
    };
    const heldAt = async (at: string) => {
      const changes = (await changesOf(customerId)).map(({ tier, at: effective }) => ({ tierId: tier, effectiveAtMs: Date.parse(effective) }));
      return tierAt(program, changes, Date.parse(at))?.id;
    };
    await begin(program.tiers);
    await buy(customerId, 30_00);
    await shop.award();
    await runTo(new Date('2027-03-10T12:00:00Z'));
    await save('2027-03-10T12:00:00Z', { status: { kind: 'paused' } });
    // The worker comes only when the fall would have happened.
    shop.setClock(new Date('2027-04-02T12:00:00Z'));
    await lookOverMembers(shop.context);
    await runTo(new Date('2027-06-01T12:00:00Z'));
    expect([await heldAt('2027-03-20T12:00:00Z'), await heldAt('2027-05-01T12:00:00Z')]).toEqual(['gold', 'gold']);
    await save('2027-06-01T12:00:00Z', {});
    await lookOverMembers(shop.context);
    await runTo(new Date('2027-09-01T12:00:00Z'));
    expect([await heldAt('2027-06-30T12:00:00Z'), await heldAt('2027-07-01T12:00:00Z')]).toEqual(['gold', 'bronze']);
    expect(await noticesOf(customerId)).toEqual(['tier-raised gold', 'tier-falling bronze 2027-04-01', 'tier-falling bronze 2027-07-01', 'tier-fell bronze']);
  });
});
