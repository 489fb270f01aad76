import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { RfmAgreementOfShop } from '#app/services/retention/get-rfm-agreement.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const STORE = syntheticStore(60, { endsAt: new Date(Date.now() - 3_600_000).toISOString() });

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(STORE.shop.domain);
  await pullHistory(context);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

async function agreement(asOf: string | null = null): Promise<RfmAgreementOfShop | null> {
  const { getRfmAgreement } = await import('#app/services/retention/get-rfm-agreement.server.ts');
  return getRfmAgreement(context, { asOf });
}

/** As a pull or a night would write them. */
async function shopifySays(groups: Readonly<Record<string, string>>): Promise<void> {
  const { listCustomers } = await import('#app/services/retention/list-customers.server.ts');
  const { segmentFromQuery } = await import('#app/domain/segments/segment-query.ts');
  const everybody = { asOf: null, segment: segmentFromQuery(new URLSearchParams()).segment, sort: { by: 'spent', isDescending: true }, after: null, before: null, search: null } as const;
  const list = await listCustomers(context, everybody);
  await owner.query('BEGIN');
  await owner.query('UPDATE shops SET data_version = data_version + 1');
  await owner.query('UPDATE customers SET shopify_rfm_group = NULL');
  for (const { id, group } of list?.rows ?? []) {
    await owner.query('UPDATE customers SET shopify_rfm_group = $2 WHERE customer_id = $1', [id, groups[group] ?? group]);
  }
  await owner.query('COMMIT');
}

it('of a shop that was pulled is with the groups that came', async () => {
  const found = await agreement();
  expect(found?.agreement.customers).toBeGreaterThan(0);
  expect(found?.agreement.pairs.every(({ theirs }) => theirs !== '')).toBe(true);
});

it('follows what Shopify says', async () => {
  await shopifySays({});
  const whole = (await agreement())?.agreement;
  expect(whole).toMatchObject({ agreeing: whole?.customers, share: 1 });
  const [first] = whole?.pairs ?? [];
  await shopifySays({ [first?.ours ?? '']: 'SUPER_FANS' });
  const less = (await agreement())?.agreement;
  expect(less).toMatchObject({ customers: whole?.customers, agreeing: (whole?.agreeing ?? 0) - (first?.customers ?? 0) });
  expect(less?.pairs).toContainEqual({ ours: first?.ours, theirs: 'SUPER_FANS', customers: first?.customers });
});

it('is of today, since Shopify tells nothing of another day', async () => {
  expect(await agreement('2026-01-31')).toBeNull();
  expect(await agreement((await agreement())?.asOf)).not.toBeNull();
});
