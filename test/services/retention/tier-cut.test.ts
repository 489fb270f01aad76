import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import { cohortLinks, customersLink } from '#app/components/customers-link.ts';
import { cutFromQuery } from '#app/domain/retention/columns/cut-query.ts';
import type { Cut } from '#app/domain/retention/columns/cut-query.ts';
import { customersQuestionOf } from '#app/domain/segments/customers-question.ts';
import type { Segment } from '#app/domain/segments/segment.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';

const MINUTE_MS = 60_000;
const LOOKED_AT = new Date('2026-03-20T10:00:00Z');
const AS_OF = '2026-03-20';
const { tiers: TIERS } = defaultProgram({ currency: 'EUR', unitMinor: 100 });
const WITH_TIERS: Parameters<typeof aProgram>[0] = { tiers: TIERS, expiry: { kind: 'never' }, earning: { pendingDays: 0 } };
const [BRONZE, SILVER, NO_MEMBER, CHANGING] = [1, 2, 3, 4];

let shop: LoyaltyShop;
let context: ShopContext;
let nextOrderId = 1;

beforeAll(async () => {
  shop = await openLoyaltyShop();
  const { systemRuntime } = await import('#app/runtime.server.ts');
  context = { ...systemRuntime, ...shop.context };
  shop.setClock(new Date('2026-03-01T10:00:00Z'));
  await shop.saveProgram(aProgram({ tiers: null }));
  await buy(null, 10_00);
});

afterAll(() => shop.stop());

async function buy(customerId: number | null, totalMinor: number): Promise<void> {
  nextOrderId += 1;
  await shop.putOrder({ orderId: nextOrderId, customerId, processedAt: shop.context.now(), lines: [{ lineId: 1, productId: 10, totalMinor }] });
}

async function cohorts(cut: Cut | null) {
  const { getCohorts } = await import('#app/services/retention/get-cohorts.server.ts');
  const found = await getCohorts(context, { asOf: AS_OF, period: 'month', cut, compare: null });
  if (found === null) throw new Error('the shop is not known');
  return { cut: found.cut, customers: found.customers, tiers: found.cuts.find(({ dimension }) => dimension === 'tier')?.values };
}

/** How many there are at an address, by every way in which a list is taken out of Perennial. */
async function listedAt(link: string | null) {
  const { listCustomers } = await import('#app/services/retention/list-customers.server.ts');
  const { exportCustomers } = await import('#app/services/retention/export-customers.server.ts');
  const { countMembers } = await import('#app/services/segments/count-members.server.ts');
  const question = customersQuestionOf(new URL(link ?? '', 'https://perennial.example').searchParams);
  expect(question.unread).toEqual([]);
  const list = await listCustomers(context, question);
  const file = await exportCustomers(context, { ...question, actor: 'staff:1' });
  let inFile = 0;
  if (file.ok) for await (const _ of file.value.rows) inFile += 1;
  const counted = await countMembers(context, { asOf: question.asOf, segments: [question.segment] });
  expect(list?.rows).toHaveLength(list?.count ?? NaN);
  return { listed: list?.count, inFile, counted: counted?.counts[0]?.count };
}

describe('a part of the customers by tier', () => {
  it('is not offered where the program has no tiers, and is nobody', async () => {
    expect((await cohorts(null)).tiers).toBeUndefined();
    expect(await cohorts({ dimension: 'tier', value: 'silver' })).toEqual({ cut: 'tier:silver', customers: 0, tiers: undefined });
  });

  it('is those who are in it now, on every page', async () => {
    await shop.saveProgram(aProgram(WITH_TIERS));
    await buy(BRONZE, 10_00);
    await buy(SILVER, 250_00);
    await buy(CHANGING, 10_00);
    await shop.award();
    await shop.passTime();
    await buy(NO_MEMBER, 10_00);
    shop.setClock(LOOKED_AT);
    expect((await cohorts(null)).tiers).toEqual([]);
    const silver: Cut = { dimension: 'tier', value: 'silver' };
    const offered = [
      { value: 'bronze', name: 'Bronze', customers: 2 },
      { value: 'silver', name: 'Silver', customers: 1 },
      { value: 'gold', name: 'Gold', customers: 0 },
      { value: null, customers: 1 },
    ];
    expect(await cohorts(silver)).toEqual({ cut: 'tier:silver', customers: 1, tiers: offered });
    expect(await cohorts({ dimension: 'tier', value: '' })).toMatchObject({ cut: 'tier:bronze', customers: 2 });
    expect(await cohorts({ dimension: 'tier', value: null })).toMatchObject({ cut: 'tier:~', customers: 1 });
    const { getOverview } = await import('#app/services/retention/get-overview.server.ts');
    expect(await getOverview(context, { asOf: AS_OF, days: 365, cut: silver })).toMatchObject({
      value: { cut: 'tier:silver', report: { overall: { customers: 1 } }, actions: [], standing: null },
    });
    const { getProducts } = await import('#app/services/retention/get-products.server.ts');
    expect(await getProducts(context, { asOf: AS_OF, cut: silver, minSupport: 0.01 })).toMatchObject({ cut: 'tier:silver', firstProducts: { everyone: { customers: 1 } } });
  });

  it.each(['tier:bronze', 'tier:silver', 'tier:gold', 'tier:~'])('%s has as many customers as are listed where its numbers lead, in the file and in a segment', async (text) => {
    const cut = cutFromQuery(text);
    const { getOverview } = await import('#app/services/retention/get-overview.server.ts');
    const { getCohorts } = await import('#app/services/retention/get-cohorts.server.ts');
    const overview = await getOverview(context, { asOf: AS_OF, days: 30, cut });
    if (!overview.ok) throw new Error(overview.reason);
    const { customers } = overview.value.compared.window.basics;
    const scope = { asOf: AS_OF, cut: overview.value.cut };
    expect(await listedAt(customersLink(scope, [{ kind: 'range', field: 'daysSinceLastOrder', from: 0, to: 29 }]))).toEqual({ listed: customers, inFile: customers, counted: customers });

    const found = await getCohorts(context, { asOf: AS_OF, period: 'week', cut, compare: null });
    const linkOf = cohortLinks(scope);
    for (const { cohort, size } of found?.cohorts.rows ?? []) {
      expect(await listedAt(linkOf(cohort))).toEqual({ listed: size, inFile: size, counted: size });
    }
    expect((found?.cohorts.rows ?? []).reduce((sum, { size }) => sum + size, 0)).toBe(customers);
  });

  it('is offered to lists and to rules by the names of the tiers', async () => {
    const { listCustomers } = await import('#app/services/retention/list-customers.server.ts');
    const found = await listCustomers(context, customersQuestionOf(new URLSearchParams()));
    expect(found?.choices.tier).toEqual(['bronze', 'silver', 'gold', null]);
    expect(found?.tierNames).toEqual({ bronze: 'Bronze', silver: 'Silver', gold: 'Gold' });
  });

  it('is others once somebody rose, a minute later at most, though no order was written since', async () => {
    const { countMembers } = await import('#app/services/segments/count-members.server.ts');
    const gold: Segment = { match: 'all', conditions: [{ kind: 'choice', field: 'tier', anyOf: ['gold'] }] };
    const countGold = async () => (await countMembers(context, { asOf: AS_OF, segments: [gold] }))?.counts;
    expect(await countGold()).toEqual([{ count: 0, notKnown: [] }]);
    const rise = (customerId: number, at: Date) =>
      shop.owner.query(
        `INSERT INTO loyalty_tier_changes (shop_id, member_id, change_no, tier_id, program_version, effective_at, reason, recorded_at)
         SELECT shop_id, member_id, 1, 'gold', 2, $2, '{"code":"review"}', $2 FROM loyalty_members WHERE customer_id = $1`,
        [customerId, at],
      );
    await rise(CHANGING, LOOKED_AT);
    // Not yet when we look again.
    await rise(BRONZE, new Date(LOOKED_AT.getTime() + 2 * MINUTE_MS));
    shop.setClock(new Date(LOOKED_AT.getTime() + MINUTE_MS));
    expect(await countGold()).toEqual([{ count: 1, notKnown: [] }]);
    expect(await cohorts({ dimension: 'tier', value: 'gold' })).toMatchObject({ customers: 1 });
    expect(await cohorts({ dimension: 'tier', value: 'bronze' })).toMatchObject({ customers: 1 });
  });
});
