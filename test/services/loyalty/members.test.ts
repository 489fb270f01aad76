import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { MemberPage } from '#app/domain/loyalty/members/member-page.ts';
import { membersQuestionOf } from '#app/domain/loyalty/members/members-question.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import { whileHeld } from '#test/support/while-held.ts';
import { askingStaff } from '#test/support/asking-staff.ts';

const DAY_MS = 86_400_000;
const START = new Date('2026-03-02T10:00:00Z');
const later = (days: number) => new Date(START.getTime() + days * DAY_MS);

let shop: LoyaltyShop;
/** Shopify is not asked by what these tests do: numbers are ours to know. */
let context: ShopContext;

beforeAll(async () => {
  shop = await openLoyaltyShop();
  const { shopContext } = await import('#app/context.server.ts');
  context = { ...shopContext(shop.context.shop), ...shop.context };
  shop.setClock(later(-1));
  await shop.saveProgram(aProgram({ earning: { earnsFromMs: later(-1).getTime() } }));
});

afterAll(() => shop.stop());

async function memberOf(customerId: number): Promise<bigint> {
  const { rows } = await shop.owner.query<{ member_id: string }>('SELECT member_id FROM loyalty_members WHERE customer_id = $1', [customerId]);
  return BigInt(rows[0]?.member_id ?? 0);
}

async function pageOf(customerId: number): Promise<MemberPage> {
  const { getMember } = await import('#app/services/loyalty/get-member.server.ts');
  const page = await getMember(context, { memberId: await memberOf(customerId), before: null });
  if (page === null) throw new Error(`${customerId} is no member`);
  return page;
}

async function buy(orderId: number, customerId: number, totalMinor = 80_00): Promise<void> {
  await shop.putOrder({ orderId, customerId, processedAt: START, lines: [{ lineId: orderId, totalMinor }] });
  await shop.award();
}

async function adjust(customerId: number, points: number, formKey: string = randomUUID(), expiresOn: number | null = null) {
  const { adjustPoints } = await import('#app/services/loyalty/adjust-points.server.ts');
  return adjustPoints(context, { memberId: await memberOf(customerId), points, note: 'For the wait', expiresOn, formKey }, askingStaff('77'));
}

async function list(query: string) {
  const { listMembers } = await import('#app/services/loyalty/list-members.server.ts');
  return listMembers(context, membersQuestionOf(new URLSearchParams(query)));
}

async function explain(words: string, memberId: bigint | null = 1n) {
  const { explainOrder } = await import('#app/services/loyalty/explain-order.server.ts');
  return explainOrder(context, { words, memberId });
}

/** Each line of a page explains the difference between its balance and that of the line below it. */
function expectExplained({ entries, balancePoints, pendingPoints, reservedPoints }: MemberPage): void {
  const [newest] = entries;
  expect(newest).toMatchObject({ balanceAfter: balancePoints, pendingAfter: pendingPoints, reservedAfter: reservedPoints });
  for (const [index, entry] of entries.entries()) {
    expect(entry.balanceAfter - (entries[index + 1]?.balanceAfter ?? 0)).toBe(entry.points);
    expect(entry.pendingAfter - (entries[index + 1]?.pendingAfter ?? 0)).toBe(entry.pendingPoints);
  }
}

describe('a member\'s ledger', () => {
  it('explains an order, its return window, a spent refund and the debt it leaves', async () => {
    shop.setClock(START);
    await buy(5001, 501);
    expect(await pageOf(501)).toMatchObject({ balancePoints: 0, pendingPoints: 400, maturesNext: { points: 400 } });
    shop.setClock(later(20));
    await shop.passTime();
    await adjust(501, -300);
    await shop.putOrder({ orderId: 5001, customerId: 501, processedAt: START, lines: [{ lineId: 5001, totalMinor: 80_00, quantity: 4, currentQuantity: 1 }] });
    await shop.award();
    const page = await pageOf(501);
    expect(page.balancePoints).toBe(-200);
    expect(page.entries.map(({ because, points, owedPoints }) => [because, points, owedPoints])).toEqual([
      ['order-earned', -300, 200],
      ['by-hand', -300, 0],
      ['return-window-over', 400, 0],
      ['order-earned', 0, 0],
    ]);
    expect(page.entries[0]).toMatchObject({ givenBefore: 400, orderName: '#5001', order: { valueMinor: 20_00, ratePoints: 5, ratePerMinor: 100 } });
    expect(page.entries[1]).toMatchObject({ note: 'For the wait', staffId: '77' });
    expectExplained(page);
    await adjust(501, 500);
    const paid = await pageOf(501);
    expect(paid).toMatchObject({ balancePoints: 300, entries: [{ points: 500, owedPoints: -200 }, {}, {}, {}, {}] });
    expectExplained(paid);
  });

  it('says what expires next and on which day', async () => {
    shop.setClock(START);
    await buy(5011, 511, 10_00);
    await adjust(511, 70, randomUUID(), Math.floor(Date.UTC(2026, 2, 20) / DAY_MS));
    expect((await pageOf(511)).expiresNext).toEqual({ day: '2026-03-20', points: 70 });
  });
});

describe('a manual adjustment', () => {
  it('changes the balance once, however often its form is sent', async () => {
    shop.setClock(START);
    await buy(5101, 521);
    const formKey = randomUUID();
    const { adjustPoints } = await import('#app/services/loyalty/adjust-points.server.ts');
    const request = { memberId: await memberOf(521), points: 100, note: 'For the wait', expiresOn: null, formKey };
    const answers = await Promise.all([1, 2, 3].map(() => adjustPoints(context, request, askingStaff('77'))));
    expect(answers).toEqual(Array.from({ length: 3 }, () => ({ ok: true, value: { balancePoints: 100 } })));
    expect(await pageOf(521)).toMatchObject({ balancePoints: 100, entries: [{ because: 'by-hand' }, {}] });
  });

  it('is refused beyond what the program lets anybody change at once, given or taken', async () => {
    shop.setClock(START);
    await buy(5180, 580);
    await shop.saveProgram(aProgram({ earning: { maximumPointsByHand: 100 } }));
    expect(await pageOf(580)).toMatchObject({ mostAdjustedPoints: 100 });
    for (const points of [101, -101]) expect(await adjust(580, points)).toEqual({ ok: false, reason: 'over-limit' });
    expect(await adjust(580, -100)).toEqual({ ok: true, value: { balancePoints: -100 } });
    expect(await adjust(580, 100)).toEqual({ ok: true, value: { balancePoints: 0 } });
    await shop.saveProgram(aProgram());
  });

  it('is refused where its form has changed something else before, and changes nothing', async () => {
    shop.setClock(START);
    for (const [orderId, customerId] of [[5111, 522], [5112, 523]] as const) await buy(orderId, customerId);
    const { adjustPoints } = await import('#app/services/loyalty/adjust-points.server.ts');
    const day = Math.floor(Date.UTC(2026, 5, 1) / DAY_MS);
    const request = { memberId: await memberOf(522), points: 100, note: 'For the wait', expiresOn: day, formKey: randomUUID() };
    const done = { ok: true, value: { balancePoints: 100 } };
    expect(await adjustPoints(context, request, askingStaff('77'))).toEqual(done);
    const others = [{ points: 101 }, { points: -100 }, { note: 'For nothing' }, { expiresOn: null }, { expiresOn: day + 1 }, { memberId: await memberOf(523) }];
    for (const other of others) {
      expect(await adjustPoints(context, { ...request, ...other }, askingStaff('77')), JSON.stringify(Object.keys(other))).toEqual({ ok: false, reason: 'other-request' });
    }
    expect(await adjustPoints(context, request, askingStaff('78'))).toEqual(done);
    expect([(await pageOf(522)).balancePoints, (await pageOf(523)).balancePoints]).toEqual([100, 0]);
  });

  it('of two members at once under one form changes one of them', async () => {
    shop.setClock(START);
    for (const [orderId, customerId] of [[5121, 524], [5122, 525]] as const) await buy(orderId, customerId);
    const { adjustPoints } = await import('#app/services/loyalty/adjust-points.server.ts');
    const members = [await memberOf(524), await memberOf(525)];
    const formKey = randomUUID();
    const answers = await Promise.all(members.map((memberId) => adjustPoints(context, { memberId, points: 100, note: 'Once', expiresOn: null, formKey }, askingStaff('77'))));
    expect(answers.filter(({ ok }) => ok)).toEqual([{ ok: true, value: { balancePoints: 100 } }]);
    expect(answers.filter(({ ok }) => !ok)).toEqual([{ ok: false, reason: 'other-request' }]);
  });

  it('is told with its note to who asks what we hold of them, and forgotten with them, also where it was of somebody who went up in them', async () => {
    shop.setClock(START);
    for (const [orderId, customerId] of [[5131, 526], [5132, 527]] as const) await buy(orderId, customerId);
    for (const customerId of [526, 527]) await adjust(customerId, 10);
    const members = [await memberOf(526), await memberOf(527)].map(String);
    const { mergeMembers } = await import('#app/services/loyalty/merge-members.server.ts');
    const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
    await withTenantConnection(context.pool, context.shop, (connection) => mergeMembers(context, connection, { fromId: 526n, toId: 527n }));
    const { recordDataRequest } = await import('#app/services/privacy/record-data-request.server.ts');
    await recordDataRequest(context, { webhookId: 'asked', receivedAt: START }, { customerId: 527n, orderIds: [] });
    const { answerSealed } = (await context.inShop((db) => db.privacyRequest.findFirst({ where: { webhookId: 'asked' } }))) ?? {};
    const told = context.sealedBox.open(answerSealed ?? new Uint8Array(), { shopId: context.shop.shopId, table: 'privacy_requests', column: 'answer', row: 'asked' });
    expect(told.match(/For the wait/g)).toHaveLength(2);
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    await redactCustomer(context, { customerId: 527n, orderIds: [] });
    const { excludeMember } = await import('#app/services/loyalty/exclude-member.server.ts');
    for (const memberId of members) expect(await excludeMember(context, { memberId: BigInt(memberId), isExcluded: false, staffId: '77' })).toBe(false);
    expect((await shop.owner.query('SELECT note FROM loyalty_notes WHERE member_id = ANY($1)', [members])).rows).toEqual([]);
  });

  it('loses its note when its member is being forgotten while it is written', async () => {
    shop.setClock(START);
    await buy(5141, 528);
    const memberId = String(await memberOf(528));
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    await whileHeld(shop.ownerUrl, {
      hold: (holder) => holder.query('SELECT 1 FROM loyalty_members WHERE member_id = $1 FOR NO KEY UPDATE', [memberId]),
      work: () => redactCustomer(context, { customerId: 528n, orderIds: [] }),
      last: (holder) => holder.query("INSERT INTO loyalty_notes (shop_id, member_id, sequence, note, staff_id) VALUES ($1, $2, 1, 'For the wait', '77')", [context.shop.shopId, memberId]),
    });
    expect((await shop.owner.query('SELECT note FROM loyalty_notes WHERE member_id = $1', [memberId])).rows).toEqual([]);
  });

  it('is refused for nobody and for a day that is over', async () => {
    const { adjustPoints } = await import('#app/services/loyalty/adjust-points.server.ts');
    const request = { points: 5, note: 'x', expiresOn: null, formKey: randomUUID() };
    expect(await adjustPoints(context, { ...request, memberId: 999_999n }, askingStaff('77'))).toEqual({ ok: false, reason: 'unknown-member' });
    expect(await adjust(521, 5, randomUUID(), 20_000)).toEqual({ ok: false, reason: 'already-over' });
  });
});

describe('the list of members', () => {
  it('pages through all of them in every order, forwards and back, each once', async () => {
    const { rows } = await shop.owner.query<{ n: number }>(
      `INSERT INTO loyalty_members (shop_id, customer_id, enrolled_at, balance_points, last_activity_at)
       SELECT (SELECT shop_id FROM shops LIMIT 1), 9000 + i, $1::timestamptz - i * interval '1 hour', i % 7, CASE WHEN i % 3 = 0 THEN NULL ELSE $1::timestamptz - (i % 5) * interval '1 minute' END
       FROM generate_series(1, 120) i RETURNING 1 AS n`,
      [START],
    );
    expect(rows).toHaveLength(120);
    const { members } = await list('');
    for (const sort of ['balance-desc', 'balance-asc', 'activity-desc', 'activity-asc', 'enrolled-desc', 'enrolled-asc']) {
      const seen: string[] = [];
      const pages = [];
      for (let next: string | null = ''; next !== null; ) {
        const page: Awaited<ReturnType<typeof list>> = await list(`sort=${sort}${next === '' ? '' : `&after=${next}`}`);
        pages.push(page.rows.map(({ memberId }) => memberId));
        seen.push(...page.rows.map(({ memberId }) => memberId));
        next = page.next;
        if (next === null) {
          const back = await list(`sort=${sort}&before=${page.previous ?? ''}`);
          expect(back.rows.map(({ memberId }) => memberId)).toEqual(pages.at(-2));
        }
      }
      expect(seen).toHaveLength(members);
      expect(new Set(seen).size).toBe(members);
    }
    const most = (await list('sort=balance-desc')).rows.map(({ balancePoints }) => balancePoints);
    expect(most).toEqual([...most].sort((a, b) => b - a));
  });

  it('finds a member by the number of the customer or of an order', async () => {
    expect((await list('q=501')).rows).toMatchObject([{ customerId: '501' }]);
    expect((await list('q=%235001')).rows).toMatchObject([{ customerId: '501' }]);
    expect((await list('q=9001')).rows).toMatchObject([{ customerId: '9001' }]);
  });
});

describe('why an order earned, or did not', () => {
  it('is answered from what was kept with its entries', async () => {
    const member = await memberOf(501);
    expect(await explain('5001', member)).toMatchObject({ name: '#5001', isTheirs: true, verdict: 'given', points: 100, entries: 2, order: { code: 'order-earned', valueMinor: 20_00 } });
    expect(await explain('#5001', 1_000_000n)).toMatchObject({ isTheirs: false });
  });

  it('is answered by the rules for an order without entries', async () => {
    const order = { customerId: 531, processedAt: START, lines: [{ lineId: 1, totalMinor: 10_00 }] };
    await shop.putOrder({ ...order, orderId: 5201, financialStatus: 'PENDING' });
    await shop.putOrder({ ...order, orderId: 5202, customerId: null });
    await shop.putOrder({ ...order, orderId: 5203, cancelledAt: START });
    await shop.putOrder({ ...order, orderId: 5204, processedAt: later(-30) });
    await shop.putOrder({ ...order, orderId: 5205, lines: [{ lineId: 1, totalMinor: 10_00, isGiftCard: true }] });
    await shop.putOrder({ ...order, orderId: 5206 });
    expect(await explain('5201')).toMatchObject({ verdict: 'nothing', order: { code: 'order-not-paid' } });
    expect(await explain('5202')).toMatchObject({ verdict: 'guest', points: 50 });
    expect(await explain('5203')).toMatchObject({ verdict: 'nothing', order: { code: 'order-cancelled' } });
    expect(await explain('5205')).toMatchObject({ verdict: 'nothing', order: { lines: [{ rule: 'gift-card', points: 0 }] } });
    expect(await explain('5206')).toMatchObject({ verdict: 'on-its-way', points: 50 });
    // Asked on the list of members, of somebody who may be none.
    expect(await explain('5201', null)).toMatchObject({ verdict: 'nothing', isTheirs: true, memberId: null });
    expect(await explain('5001', null)).toMatchObject({ verdict: 'given', isTheirs: true, memberId: String(await memberOf(501)) });
    expect(await explain('5299')).toBeNull();
    await shop.award();
  });
});

describe('the files', () => {
  async function rowsOf(sheet: { header: readonly string[]; rows: AsyncIterable<readonly (string | number | null)[]> }) {
    const rows: Record<string, string | number | null>[] = [];
    for await (const row of sheet.rows) rows.push(Object.fromEntries(sheet.header.map((name, index) => [name, row[index] ?? null])));
    return rows;
  }

  it('hold every member and every entry, and agree with each other', async () => {
    const { exportLedger, exportMembers } = await import('#app/services/loyalty/export-loyalty.server.ts');
    const members = await rowsOf(await exportMembers(context, 'staff:77'));
    const entries = await rowsOf(await exportLedger(context, 'staff:77'));
    const { rows } = await shop.owner.query<{ entries: number }>('SELECT count(*)::int AS entries FROM loyalty_entries');
    expect(entries).toHaveLength(rows[0]?.entries ?? -1);
    const mine = members.find((row) => row['customer_id'] === '501');
    const last = entries.filter((row) => row['customer_id'] === '501').at(-1);
    expect(mine?.['points']).toBe(last?.['balance_after']);
    expect(entries.find((row) => row['note'] !== null)).toMatchObject({ note: 'For the wait', staff_id: '77' });
  });

  it('hold redemptions with their codes, tiers by name, exclusions and every version of the program too', async () => {
    const { exportExclusions, exportMembers, exportRedemptions, exportTierHistory, exportVersions } = await import('#app/services/loyalty/export-loyalty.server.ts');
    const { excludeMember } = await import('#app/services/loyalty/exclude-member.server.ts');
    const member = await memberOf(501);
    const program = aProgram();
    const [reward] = program.rewards;
    const level = { id: 'a', name: 'Silver', threshold: 0, factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null };
    const tiersOf = (name: string) => ({ basis: 'points', window: 'lifetime', graceDays: 0, levels: [{ ...level, name }] }) as const;
    const named = await shop.saveProgram({ ...program, tiers: tiersOf('Silver') });
    await shop.saveProgram({ ...program, tiers: tiersOf('Bronze') });
    const values = [context.shop.shopId, String(member), named];
    await shop.owner.query(
      `INSERT INTO loyalty_tier_changes (shop_id, member_id, change_no, tier_id, program_version, effective_at, reason, recorded_at)
       VALUES ($1, $2, 1, 'a', $3, '2026-01-01', '{"code":"reached"}', '2026-01-01')`,
      values,
    );
    await shop.owner.query('UPDATE loyalty_members SET birthday = 229 WHERE shop_id = $1 AND member_id = $2', values.slice(0, 2));
    await shop.owner.query(
      `INSERT INTO loyalty_redemptions (shop_id, redemption_id, member_id, request_key, request_hash, reward_id, program_version, points, amount_minor, currency, state, code, reserved_at, expires_at)
       VALUES ($1, gen_random_uuid(), $2, 'of-the-export', '', $4, $3, 500, 500, 'EUR', 'captured', 'GIFT-ABCDEFGHJK', '2026-01-02', '2026-02-02')`,
      [...values, reward?.id],
    );
    expect(await rowsOf(await exportTierHistory(context, 'staff:77'))).toContainEqual(expect.objectContaining({ member_id: String(member), customer_id: '501', change: 1, tier: 'Silver' }));
    expect((await rowsOf(await exportMembers(context, 'staff:77'))).find((row) => row['customer_id'] === '501')).toMatchObject({ tier: 'Bronze', birthday: '02-29' });
    expect((await rowsOf(await exportRedemptions(context, 'staff:77'))).find((row) => row['code'] === 'GIFT-ABCDEFGHJK')).toMatchObject({
      ...{ customer_id: '501', points: 500, amount_minor: '500', state: 'captured', reserved_at: '2026-01-02T00:00:00.000Z' },
      ...{ reward: reward?.name === '' ? reward.id : reward?.name, kind: reward?.gives.kind },
    });
    await excludeMember(context, { memberId: member, isExcluded: true, staffId: '77' });
    await excludeMember(context, { memberId: member, isExcluded: false, staffId: '78' });
    const mine = (await rowsOf(await exportExclusions(context, 'staff:77'))).filter((row) => row['customer_id'] === '501');
    expect(mine).toMatchObject([{ is_excluded: 1, staff_id: '77' }, { is_excluded: 0, staff_id: '78' }]);
    const { rows } = await shop.owner.query<{ versions: number }>('SELECT count(*)::int AS versions FROM loyalty_program_versions');
    const versions = await rowsOf(exportVersions(context));
    expect(versions).toHaveLength(rows[0]?.versions ?? -1);
    expect(JSON.parse(String(versions.at(-1)?.['program']))).toMatchObject({ tiers: { levels: [{ name: 'Bronze' }] } });
  });
});
