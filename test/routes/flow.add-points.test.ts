import { createHmac, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { FLOW_TRIGGERS } from '#app/domain/loyalty/traces/flow-event.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openRedemptionShop } from '#test/support/loyalty/redemption-shop.ts';
import type { RedemptionShop } from '#test/support/loyalty/redemption-shop.ts';
import { holdShopRow, whileHeld } from '#test/support/while-held.ts';
import type { ActionAnswer } from '#test/simulator/flow.ts';

let shop: RedemptionShop;
let nextCustomer = 99;

beforeAll(async () => {
  shop = await openRedemptionShop(60);
  const { shopId } = shop.context.shop;
  await shop.owner.query(
    'INSERT INTO customers (shop_id, customer_id, created_at, updated_at, number_of_orders) SELECT $1, g, now(), now(), 0 FROM generate_series(100, 119) g',
    [shopId],
  );
});
afterAll(() => shop.stop());

function run(properties: Record<string, unknown>, runId?: string): Promise<ActionAnswer> {
  const { flow } = shop.app.running.simulator;
  return flow.runAction({ shop: shop.context.shop.domain, handle: 'add-points', properties, ...(runId === undefined ? {} : { runId }) });
}

const somebody = () => (nextCustomer += 1);
const balanceOf = async (customerId: number) => (await shop.balance(customerId)).customer;

it('says that there is no program, where there is none', async () => {
  expect(await run({ customer_id: somebody(), points: '50' })).toMatchObject({ status: 422, body: { error: 'The loyalty program has not been set up.' } });
  await shop.saveProgram(aProgram());
});

describe('a run', () => {
  it('gives points to a member, and makes one of a customer who is none', async () => {
    const id = somebody();
    expect(await run({ customer_id: id, points: '50.00', note: 'For a review' })).toMatchObject({ status: 200, body: { points: 50 } });
    expect(await run({ customer_id: `gid://shopify/Customer/${id}`, points: 25 })).toMatchObject({ status: 200, body: { points: 25 } });
    expect(await balanceOf(id)).toBe(75);
    const { rows } = await shop.owner.query(
      `SELECT e.kind, e.reason ->> 'code' AS code, e.reason ->> 'step' IS NOT NULL AS has_step, n.note, n.staff_id FROM loyalty_entries e
       JOIN loyalty_members m USING (shop_id, member_id) LEFT JOIN loyalty_notes n USING (shop_id, member_id, sequence)
       WHERE m.customer_id = $1 ORDER BY e.sequence`,
      [id],
    );
    expect(rows).toEqual([
      { kind: 'adjustment', code: 'by-flow', has_step: true, note: 'For a review', staff_id: null },
      { kind: 'adjustment', code: 'by-flow', has_step: true, note: null, staff_id: null },
    ]);
  });

  it('gives its points once, however often it is sent, and answers alike each time', async () => {
    const [id, runId] = [somebody(), randomUUID()];
    const first = await run({ customer_id: id, points: '40' }, runId);
    const again = await run({ customer_id: id, points: '40' }, runId);
    expect(again).toEqual(first);
    expect(await balanceOf(id)).toBe(40);
  });

  it('gives no more at once than the program allows by hand, and makes no member for it', async () => {
    const id = somebody();
    await shop.saveProgram(aProgram({ earning: { maximumPointsByHand: 50 } }));
    const over = await run({ customer_id: id, points: '51' });
    const within = await run({ customer_id: id, points: '50' });
    await shop.saveProgram(aProgram());
    expect(over).toMatchObject({ status: 422, body: { error: 'Your loyalty program allows fewer points at once.' } });
    expect(within).toMatchObject({ status: 200 });
    expect(await balanceOf(id)).toBe(50);
  });

  it('gives its points once when its attempts come all at once', async () => {
    const [id, runId] = [somebody(), randomUUID()];
    const answers = await Promise.all(Array.from({ length: 12 }, () => run({ customer_id: id, points: '40' }, runId)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 200 });
    expect(await balanceOf(id)).toBe(40);
  });

  it('gives nothing more under an id that has given other points, or to somebody else', async () => {
    const [id, other, runId] = [somebody(), somebody(), randomUUID()];
    await run({ customer_id: id, points: '40' }, runId);
    expect(await run({ customer_id: id, points: '41' }, runId)).toMatchObject({ status: 422, body: { error: 'This run has given other points before.' } });
    expect(await run({ customer_id: other, points: '40' }, runId)).toMatchObject({ status: 422 });
    expect([await balanceOf(id), await balanceOf(other)]).toEqual([40, 0]);
  });

  it('gives nothing more to whoever else comes under its id after its customer was forgotten or merged', async () => {
    const [gone, stayed, forgotten, other] = [somebody(), somebody(), somebody(), somebody()];
    const [merged, redacted] = [randomUUID(), randomUUID()];
    await run({ customer_id: gone, points: '40', note: 'For a review' }, merged);
    await run({ customer_id: stayed, points: '1' });
    await run({ customer_id: forgotten, points: '40', note: 'For a review' }, redacted);
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    await redactCustomer(shop.context, { customerId: BigInt(forgotten), orderIds: [] });
    const { mergeMembers } = await import('#app/services/loyalty/merge-members.server.ts');
    const { recordMerge } = await import('#app/adapters/db/tombstones.repository.server.ts');
    const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
    const { pool, sealedBox, shop: ref, now } = shop.context;
    await withTenantConnection(pool, ref, async (connection) => {
      await recordMerge(connection, sealedBox, ref, { removedId: BigInt(gone), keptId: BigInt(stayed), mergedAt: now() });
      await mergeMembers(shop.context, connection, { fromId: BigInt(gone), toId: BigInt(stayed) });
    });
    const again = (customer_id: number, runId: string, note = 'For a review') => run({ customer_id, points: '40', note }, runId);
    expect([(await again(gone, merged)).status, (await again(forgotten, redacted)).status]).toEqual([200, 200]);
    expect([(await again(other, merged)).status, (await again(other, redacted)).status]).toEqual([422, 422]);
    expect((await again(gone, merged, 'For two reviews')).status).toBe(422);
    expect([await balanceOf(stayed), await balanceOf(other)]).toEqual([41, 0]);
  });

  it('waits for who is being deleted, and makes no member of them', async () => {
    const id = 991;
    await shop.putOrder({ orderId: 99_101, customerId: id });
    const { raiseTombstoneOn } = await import('#app/adapters/db/tombstones.repository.server.ts');
    const { shop: ref, sealedBox } = shop.context;
    const answer = await whileHeld(shop.app.ownerUrl, {
      hold: async (holder) => {
        await holdShopRow(holder, ref);
        await raiseTombstoneOn(holder, sealedBox, ref, 'deleted-customer', BigInt(id));
      },
      work: () => run({ customer_id: id, points: '40' }),
    });
    expect(answer).toMatchObject({ status: 422, body: { error: 'This customer was deleted.' } });
    expect((await shop.owner.query('SELECT FROM loyalty_members WHERE customer_id = $1', [id])).rowCount).toBe(0);
  });

  it('is to be sent again for a customer of whom we have not heard yet, and then gives the points', async () => {
    const [id, runId] = [777, randomUUID()];
    expect(await run({ customer_id: id, points: '40' }, runId)).toMatchObject({ status: 202 });
    await shop.owner.query('INSERT INTO customers (shop_id, customer_id, created_at, updated_at, number_of_orders) VALUES ($1, $2, now(), now(), 0)', [shop.context.shop.shopId, id]);
    expect(await run({ customer_id: id, points: '40' }, runId)).toMatchObject({ status: 200 });
    expect(await balanceOf(id)).toBe(40);
  });

  it('gives nothing to somebody who takes no part, or who was forgotten', async () => {
    const [out, forgotten] = [somebody(), somebody()];
    await shop.give(out, 1);
    await shop.owner.query('UPDATE loyalty_members SET is_excluded = true WHERE customer_id = $1', [out]);
    expect(await run({ customer_id: out, points: '40' })).toMatchObject({ status: 422, body: { error: 'This customer takes no part in the loyalty program.' } });
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    await redactCustomer(shop.context, { customerId: BigInt(forgotten), orderIds: [] });
    expect(await run({ customer_id: forgotten, points: '40' })).toMatchObject({ status: 422, body: { error: 'This customer was deleted.' } });
  });

  it.each([
    [{ points: '40' }, 'The action needs a customer.'],
    [{ customer_id: 'Ada', points: '40' }, 'The action needs a customer.'],
    [{ customer_id: 100 }, 'Points must be a number.'],
    [{ customer_id: 100, points: 'many' }, 'Points must be a number.'],
    [{ customer_id: 100, points: '1.5' }, 'Points must be a whole number.'],
    [{ customer_id: 100, points: '0' }, 'Points must be between 1 and 100000.'],
    [{ customer_id: 100, points: '-5' }, 'Points must be between 1 and 100000.'],
    [{ customer_id: 100, points: '100001' }, 'Points must be between 1 and 100000.'],
    [{ customer_id: 100, points: '5', note: 'x'.repeat(501) }, 'The note has more than 500 characters.'],
  ])('with %j ends with "%s"', async (properties, error) => {
    expect(await run(properties)).toMatchObject({ status: 422, body: { error } });
  });
});

describe('who may run it', () => {
  const post = async (body: string, headers: Record<string, string>) => {
    const { action } = await import('#app/routes/flow.add-points.ts');
    return action({ request: new Request('http://app/flow/add-points', { method: 'POST', headers, body }), params: {}, context: {} });
  };
  const signed = (body: string, secret = 'perennial-test-secret') => ({ 'X-Shopify-Hmac-Sha256': createHmac('sha256', secret).update(body).digest('base64') });
  const bodyFor = (change: Record<string, unknown> = {}) =>
    JSON.stringify({ shop_id: 1, shopify_domain: shop.context.shop.domain, action_run_id: randomUUID(), handle: 'add-points', properties: { customer_id: 100, points: '1' }, ...change });

  it('is Shopify alone', async () => {
    const body = bodyFor();
    expect((await post(body, {})).status).toBe(401);
    expect((await post(body, signed(body, 'another secret'))).status).toBe(401);
    expect((await post(`${body} `, signed(body))).status).toBe(401);
    expect((await post(body, signed(body))).status).toBe(200);
  });

  it.each([
    ['no run', {}, 400],
    ['another action', { handle: 'take-points' }, 400],
    ['a shop that nobody knows', { shopify_domain: 'nobody.myshopify.com' }, 404],
  ])('is told off for %s', async (_what, change, status) => {
    const body = Object.keys(change).length === 0 ? '{}' : bodyFor(change);
    expect((await post(body, signed(body))).status).toBe(status);
  });

  it('is nobody with more than Flow ever sends, signed or not', async () => {
    const filled = bodyFor({ step_reference: 'x'.repeat(64 * 1024) });
    expect((await post(filled, signed(filled))).status).toBe(413);
  });

  it('is told to come again while the database does not answer, for then nothing is decided', async () => {
    const body = bodyFor();
    await shop.owner.query('ALTER TABLE loyalty_members RENAME TO members_away');
    const { status } = await post(body, signed(body)).finally(() => shop.owner.query('ALTER TABLE members_away RENAME TO loyalty_members'));
    expect(status).toBe(503);
    expect((await post(body, signed(body))).status).toBe(200);
  });

  it('is no shop that the app has left', async () => {
    const { shopId } = shop.context.shop;
    await shop.owner.query('UPDATE shops SET uninstalled_at = now() WHERE shop_id = $1', [shopId]);
    const body = bodyFor();
    expect((await post(body, signed(body))).status).toBe(404);
    await shop.owner.query('UPDATE shops SET uninstalled_at = NULL WHERE shop_id = $1', [shopId]);
  });
});

describe('the extensions', () => {
  it('are the triggers and the action that the app knows, by their handles', () => {
    const { extensions } = shop.app.running.simulator.flow;
    expect(extensions.filter(({ type }) => type === 'flow_trigger').map(({ handle }) => handle).sort()).toEqual([...FLOW_TRIGGERS].sort());
    expect(extensions.filter(({ type }) => type === 'flow_action').map(({ handle, runtimeUrl }) => ({ handle, runtimeUrl }))).toEqual([
      { handle: 'add-points', runtimeUrl: '/flow/add-points' },
    ]);
  });
});
