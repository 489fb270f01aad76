import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ComputingThread } from '#app/adapters/threads/computing-thread.server.ts';
import type { RetentionReportOfShop } from '#app/services/retention/get-retention-report.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const STORES = [40, 8].map((orders, index) => syntheticStore(orders, { shop: { id: index + 1, domain: `shop-${index + 1}.myshopify.com` } }));

type Report = { ok: true; value: RetentionReportOfShop } | { ok: false };
interface ReportInput {
  asOf: string | null;
}

let app: AppUnderTest;
let large: ShopContext;
let small: ShopContext;
/** Of a shop with more than 20 orders, the thread's; here it is known by never being asked. */
let ask: (context: ShopContext, input: ReportInput) => Promise<Report>;
let askedHere: number[];
let stopThread: () => Promise<void>;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORES });
  const { computedApart, stopComputingApart } = await import('#app/services/retention/compute-apart.server.ts');
  const { getRetentionReport } = await import('#app/services/retention/get-retention-report.server.ts');
  stopThread = stopComputingApart;
  askedHere = [];
  const here = (context: ShopContext, input: ReportInput): Promise<Report> => {
    askedHere.push(context.shop.shopId);
    return getRetentionReport(context, input);
  };
  ask = computedApart('retention-report', here, { fromOrders: 20 });
  large = await app.install('shop-1.myshopify.com');
  small = await app.install('shop-2.myshopify.com');
  await pullHistory(large);
  await pullHistory(small);
});

afterAll(async () => {
  await stopThread();
  await app.stop();
});

describe('what is computed apart', () => {
  it('is computed here for a small shop', async () => {
    expect(await ask(small, { asOf: null })).toMatchObject({ ok: true });
    expect(askedHere).toEqual([small.shop.shopId]);
  });

  it('is the same for a large shop, and not computed here', async () => {
    const { getRetentionReport } = await import('#app/services/retention/get-retention-report.server.ts');
    askedHere = [];
    const [apart, at] = await Promise.all([ask(large, { asOf: null }), ask(large, { asOf: '2026-03-01' })]);
    expect(askedHere).toEqual([]);
    expect(apart).toEqual(await getRetentionReport(large, { asOf: null }));
    expect(at).toEqual(await getRetentionReport(large, { asOf: '2026-03-01' }));
  });

  it('has its models fitted in one more thread, with the same result', async () => {
    const { computedApart } = await import('#app/services/retention/compute-apart.server.ts');
    const { getPredictions } = await import('#app/services/retention/get-predictions.server.ts');
    const askApart = computedApart('predictions', getPredictions, { fromOrders: 20 });
    const [apart, here] = [await askApart(large, { asOf: null }), await getPredictions(large, { asOf: null })];
    expect(apart).toEqual({ ...here, fittedAtMs: expect.any(Number) });
    expect(here?.totals).toBeDefined();
  });

  it('goes by the clock of who asks', async () => {
    const later = { ...large, now: () => new Date('2027-05-05T12:00:00.000Z') };
    expect(await ask(later, { asOf: null })).toMatchObject({ value: { today: '2027-05-05' } });
  });

  it('takes in what has changed since', async () => {
    const countedBefore = await countedIn(await ask(large, { asOf: null }));
    const [order] = await large.inShop((db) => db.order.findMany({ where: { shopId: large.shop.shopId, deletedAt: null, cancelledAt: null, financialStatus: 'PAID' }, take: 1 }));
    await large.inShop(async (db) => {
      await db.shop.update({ where: { shopId: large.shop.shopId }, data: { dataVersion: { increment: 1 } } });
      await db.order.updateMany({ where: { shopId: large.shop.shopId, orderId: order?.orderId ?? 0n }, data: { deletedAt: new Date('2026-11-01') } });
    });
    expect(await countedIn(await ask(large, { asOf: null }))).toBe(countedBefore - 1);
  });

  it('passes an error on, and answers the next question', async () => {
    const where = { shopId: large.shop.shopId, deletedAt: { not: null } };
    const setTip = (tipMinor: bigint) => large.inShop((db) => db.order.updateMany({ where, data: { tipMinor } }));
    // Which no number holds.
    await setTip(2n ** 53n + 1n);
    await expect(ask(large, { asOf: null })).rejects.toThrow('the computing thread could not answer');
    await setTip(0n);
    expect(await ask(large, { asOf: null })).toMatchObject({ ok: true });
  });

  it('is begun anew after the thread has died, whose askers are told', async () => {
    const asked = ask(large, { asOf: null });
    await expect(Promise.all([asked, stopThread()])).rejects.toThrow('the computing thread is gone');
    expect(await ask(large, { asOf: null })).toMatchObject({ ok: true });
  });
});

describe('a computing thread', () => {
  it('whose file does not load fails each question and no more', async () => {
    const broken = new ComputingThread<null>('#test/fixtures/none.ts');
    expect(() => broken.ask(null)).toThrow('none.ts');
  });
});

function countedIn(report: Report): number {
  if (!report.ok) throw new Error('there is no report');
  return report.value.report.inputs.counted;
}
