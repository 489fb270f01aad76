import { randomUUID } from 'node:crypto';

import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { MerchantContext } from '#app/context.server.ts';
import type { Adjusting, OthersAdjusting } from '#app/domain/staff/permissions.ts';
import { removeStaff, transferOwnership } from '#test/simulator/staff.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { BROWSER_AGENT, startAppUnderTest, TEST_APP, type AppUnderTest } from '#test/support/app-under-test.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { signToken, staffClaims } from '#test/support/token-matrix.ts';

const DOMAIN = 'alder.myshopify.com';
const OTHER = 'birch.myshopify.com';
const OWNER = '1';
const CLERK = '2';
const AGENCY = '3';
const CUSTOMER = 501n;

let app: AppUnderTest;
let owner: pg.Client;

beforeAll(async () => {
  app = await startAppUnderTest({ store: [DOMAIN, OTHER].map((domain, index) => syntheticStore(2, { shop: { id: index + 1, domain } })) });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  for (const domain of [DOMAIN, OTHER]) {
    const { shop } = await app.install(domain);
    await owner.query("UPDATE shops SET currency = 'EUR', iana_time_zone = 'Europe/Berlin' WHERE shop_id = $1", [shop.shopId]);
    await owner.query("INSERT INTO customers (shop_id, customer_id, created_at, updated_at, number_of_orders) VALUES ($1, $2, '2026-01-01', '2026-01-01', 0)", [shop.shopId, String(CUSTOMER)]);
    await owner.query("INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at) VALUES ($1, 1, $2, '2026-01-01')", [
      shop.shopId,
      JSON.stringify(aProgram({ earning: { maximumPointsByHand: 1_000 } })),
    ]);
  }
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

afterEach(async () => {
  app.running.simulator.faults.clear();
  await owner.query('BEGIN');
  await owner.query('SET LOCAL session_replication_role = replica');
  for (const table of ['staff_permission_changes', 'staff_members', 'loyalty_notes', 'loyalty_postings', 'loyalty_entries', 'loyalty_members']) await owner.query(`DELETE FROM ${table}`);
  await owner.query('COMMIT');
  for (const domain of [DOMAIN, OTHER]) {
    const store = app.running.simulator.requireStore(domain);
    const { staff: _usual, ...shop } = store.shop;
    store.save('shop', shop);
  }
});

/** As a member of staff whose browser has just made a session token. */
async function as(sub: string, domain = DOMAIN): Promise<MerchantContext> {
  const { merchantContext } = await import('#app/context.server.ts');
  const maker = { clientId: TEST_APP.clientId, secret: TEST_APP.clientSecret, domain, otherDomain: OTHER, nowSeconds: Math.floor(Date.now() / 1000) };
  const headers = { 'User-Agent': BROWSER_AGENT, 'Sec-Fetch-Dest': 'empty', Authorization: `Bearer ${signToken(maker, staffClaims(maker, { sub }))}` };
  return merchantContext(new Request(`${app.running.appFrontUrl}/app/loyalty/staff`, { headers }));
}

async function adjust(sub: string, points: number, { domain = DOMAIN, requestKey = randomUUID() as string } = {}) {
  const { adjustCustomerPoints } = await import('#app/services/admin-blocks/adjust-customer-points.server.ts');
  const staff = await as(sub, domain);
  const asked = { customerId: CUSTOMER, points: String(Math.abs(points)), direction: points < 0 ? ('take' as const) : ('give' as const), reason: 'For the wait', requestKey };
  const answer = await adjustCustomerPoints(staff, asked, staff);
  return answer.state === 'adjusted' ? answer.points : answer.errors[0]?.code;
}

async function page(sub: string, domain = DOMAIN) {
  const { getPermissions } = await import('#app/services/staff/get-permissions.server.ts');
  const staff = await as(sub, domain);
  return getPermissions(staff, staff);
}

interface Setting {
  others?: OthersAdjusting;
  staff?: Record<string, Adjusting | { adjusting: Adjusting; mayChangeList: boolean }>;
  basedOn?: number;
  formKey?: string;
  domain?: string;
}

async function set(sub: string, { others = { kind: 'shop-limit' }, staff: of = {}, basedOn, formKey = randomUUID(), domain = DOMAIN }: Setting) {
  const { savePermissions } = await import('#app/services/staff/save-permissions.server.ts');
  const seen = basedOn ?? (await page(sub, domain)).changeNo;
  const byStaff = new Map(Object.entries(of).map(([id, own]) => [id, 'kind' in own ? { adjusting: own, mayChangeList: false } : own]));
  const staff = await as(sub, domain);
  const saved = await savePermissions(staff, staff, { basedOn: seen, wish: { others, byStaff }, formKey });
  return saved.ok ? saved.value.changeNo : saved.reason;
}

const upTo = (points: number) => ({ kind: 'up-to', points }) as const;
const NONE = { kind: 'none' } as const;

async function changes(): Promise<unknown[]> {
  const { rows } = await owner.query('SELECT change_no, subject, adjusting, most_points, may_change_list, changed_by FROM staff_permission_changes ORDER BY change_no');
  return rows.map((row: Record<string, unknown>) => Object.values(row).join(' '));
}

describe('until the owner has set anything', () => {
  it('everybody adjusts up to the program’s limit, and is known for the owner to choose from', async () => {
    expect(await adjust(CLERK, 1_000)).toBe(1_000);
    expect(await adjust(CLERK, 1_001)).toBe('over-limit');
    expect(await adjust(AGENCY, -10)).toBe(990);
    const { staff, changeNo, draft } = await page(OWNER);
    expect(changeNo).toBe(0);
    expect(staff.map(({ staffId, name, isOwner, isCollaborator }) => [staffId, name, isOwner, isCollaborator])).toEqual([
      [OWNER, 'Robin Owner', true, false],
      [AGENCY, 'Kim Agency', false, true],
      [CLERK, 'Sam Clerk', false, false],
    ]);
    // Of the owner nothing is set.
    expect(draft.staff.map(({ staffId, kind }) => [staffId, kind])).toEqual([[AGENCY, 'as-others'], [CLERK, 'as-others']]);
  });

  it('a ledger names who adjusted to whoever else looks, and goes by the number where no name is known', async () => {
    const { openMember } = await import('#app/services/staff/open-member.server.ts');
    await adjust(CLERK, 10);
    const { rows } = await owner.query<{ member_id: string }>('SELECT member_id FROM loyalty_members');
    const open = async () => {
      const staff = await as(OWNER);
      return openMember(staff, staff, { memberId: BigInt(rows[0]?.member_id ?? 0), before: null });
    };
    expect(await open()).toMatchObject({ entries: [{ staffId: CLERK }], staffNames: { [CLERK]: 'Sam Clerk' } });
    await owner.query('DELETE FROM staff_members');
    expect(await open()).toMatchObject({ entries: [{ staffId: CLERK }], staffNames: {} });
  });

  it('everybody does also while Shopify says nothing of them', async () => {
    app.running.simulator.faults.set({ seed: 1, rules: [{ where: 'oauth', what: { kind: 'status', status: 503 } }] });
    expect(await adjust(CLERK, 10)).toBe(10);
    expect((await owner.query('SELECT FROM staff_members')).rowCount).toBe(0);
  });

  it('nobody but the owner sets anything', async () => {
    expect([await set(CLERK, { others: NONE }), await set(AGENCY, { others: NONE })]).toEqual(['not-allowed', 'not-allowed']);
    expect((await page(CLERK)).mayChange).toBe(false);
    expect(await changes()).toEqual([]);
  });
});

describe('what the owner has set', () => {
  it('holds for each way to adjust: up to a number, not at all, and for everyone else', async () => {
    await page(CLERK);
    await page(AGENCY);
    expect(await set(OWNER, { others: NONE, staff: { [CLERK]: upTo(50) } })).toBe(2);
    expect([await adjust(CLERK, 50), await adjust(CLERK, 51), await adjust(CLERK, -51)]).toEqual([50, 'over-own-limit', 'over-own-limit']);
    expect(await adjust(AGENCY, 1)).toBe('not-allowed');
    // Somebody of whom nothing was set, and the owner, of whom nothing can be.
    expect(await adjust(OWNER, 1_000)).toBe(1_050);
    expect(await adjust(OWNER, 1_001)).toBe('over-limit');
    expect((await owner.query('SELECT staff_id FROM loyalty_notes ORDER BY sequence')).rows).toEqual([{ staff_id: CLERK }, { staff_id: OWNER }]);
  });

  it('makes no member of whom somebody not allowed would give points', async () => {
    await page(CLERK);
    await set(OWNER, { staff: { [CLERK]: NONE } });
    expect(await adjust(CLERK, 5)).toBe('not-allowed');
    expect((await owner.query('SELECT FROM loyalty_members')).rowCount).toBe(0);
  });

  it('holds for files and for gifts to a segment, and for going on with one', async () => {
    const { importPoints } = await import('#app/services/loyalty/import-points.server.ts');
    const { requestGift } = await import('#app/services/loyalty/gifts/request-gift.server.ts');
    const { goOnWithGift } = await import('#app/services/loyalty/gifts/change-gift.server.ts');
    await page(CLERK);
    await set(OWNER, { staff: { [CLERK]: upTo(50) } });
    const staff = await as(CLERK);
    const file = (points: number, isDryRun: boolean) =>
      importPoints(staff, { fileHash: 'a'.repeat(64), fileName: 'x.csv', header: 'customer_id,points', text: `${CUSTOMER},${points}\n`, firstLine: 2, isDryRun, takesRepeated: false }, staff);
    expect([await file(51, true), await file(-51, false)]).toEqual([{ outcome: 'refused', reason: 'over-own-limit' }, { outcome: 'refused', reason: 'over-own-limit' }]);
    expect(await file(50, false)).toMatchObject({ outcome: 'counted', count: { addedPoints: 50 } });
    const giftId = randomUUID();
    expect(await requestGift(staff, { segmentId: 7n, points: 51, note: 'x', requestKey: giftId }, staff)).toEqual({ ok: false, reason: 'over-own-limit' });
    await owner.query(
      `INSERT INTO loyalty_gifts (shop_id, gift_id, segment_id, segment_name, points, note, staff_id, state, expected_customers, requested_at, finished_at)
       VALUES ($1, $2, 7, 'All', 51, 'x', '1', 'stopped', 1, now(), now())`,
      [staff.shop.shopId, giftId],
    );
    expect(await goOnWithGift(staff, giftId, staff)).toBe(false);
    await set(OWNER, { staff: { [CLERK]: NONE } });
    const none = await as(CLERK);
    expect(await requestGift(none, { segmentId: 7n, points: 1, note: 'x', requestKey: randomUUID() }, none)).toEqual({ ok: false, reason: 'not-allowed' });
    expect(await file(1, true)).toEqual({ outcome: 'refused', reason: 'not-allowed' });
    const theirs = await as(OWNER);
    expect(await goOnWithGift(theirs, giftId, theirs)).toBe(true);
  });

  it.each(['something', 'nothing'])('beyond the program’s limit nobody goes but the owner with a file or a gift, where %s is set', async (what) => {
    const { importPoints } = await import('#app/services/loyalty/import-points.server.ts');
    const { requestGift } = await import('#app/services/loyalty/gifts/request-gift.server.ts');
    await page(CLERK);
    if (what === 'something') await set(OWNER, { others: NONE, staff: { [CLERK]: { kind: 'shop-limit' } } });
    const file = async (sub: string, points: number) => {
      const staff = await as(sub);
      const answer = await importPoints(staff, { fileHash: 'b'.repeat(64), fileName: 'x.csv', header: 'customer_id,points', text: `${CUSTOMER},${points}\n`, firstLine: 2, isDryRun: true, takesRepeated: false }, staff);
      return answer.outcome === 'refused' ? answer.reason : answer.count.addedPoints;
    };
    expect([await file(CLERK, 1_000), await file(CLERK, 1_001), await file(OWNER, 1_001)]).toEqual([1_000, 'over-own-limit', 1_001]);
    const gift = async (sub: string) => {
      const staff = await as(sub);
      const asked = await requestGift(staff, { segmentId: 7n, points: 1_001, note: 'x', requestKey: randomUUID() }, staff);
      return asked.ok ? 'given' : asked.reason;
    };
    expect(await gift(CLERK)).toBe('over-own-limit');
    expect(await gift(OWNER)).not.toBe('over-own-limit');
  });

  it('answers a form that was sent before as it did, whatever was set since', async () => {
    const { adjustPoints } = await import('#app/services/loyalty/adjust-points.server.ts');
    await adjust(CLERK, 1);
    const { rows } = await owner.query<{ member_id: string }>('SELECT member_id FROM loyalty_members');
    const request = { memberId: BigInt(rows[0]?.member_id ?? 0), points: 20, note: 'x', expiresOn: null, formKey: randomUUID() };
    const staff = await as(CLERK);
    const done = { ok: true, value: { balancePoints: 21 } };
    expect(await adjustPoints(staff, request, staff)).toEqual(done);
    await set(OWNER, { others: NONE });
    expect(await adjustPoints(staff, request, staff)).toEqual(done);
    expect(await adjustPoints(staff, { ...request, formKey: randomUUID() }, staff)).toEqual({ ok: false, reason: 'not-allowed' });
  });

  it('is written once however often its form is sent, and says who set what', async () => {
    await page(CLERK);
    const formKey = randomUUID();
    const setting = { others: upTo(100), staff: { [CLERK]: { adjusting: upTo(10), mayChangeList: true } }, basedOn: 0, formKey };
    expect(await Promise.all([1, 2, 3].map(() => set(OWNER, setting)))).toEqual([2, 2, 2]);
    expect(await changes()).toEqual(['1 others up-to 100 false 1', '2 2 up-to 10 true 1']);
    // What holds already is no change.
    expect(await set(OWNER, { ...setting, basedOn: 2, formKey: randomUUID() })).toBe(2);
    expect((await page(OWNER)).changes.map(({ subject, changedBy }) => [subject, changedBy])).toEqual([[CLERK, OWNER], ['others', OWNER]]);
    await expect(owner.query("UPDATE staff_permission_changes SET most_points = 1000000 WHERE subject = '2'")).rejects.toThrow('only ever added to');
  });

  it('lets whom the owner names change it, of everybody but the owner', async () => {
    await page(CLERK);
    await page(AGENCY);
    await set(OWNER, { staff: { [CLERK]: { adjusting: NONE, mayChangeList: true } } });
    expect(await set(CLERK, { staff: { [AGENCY]: NONE } })).toBe(2);
    expect(await adjust(AGENCY, 1)).toBe('not-allowed');
    expect(await set(CLERK, { staff: { [OWNER]: NONE } })).toBe('unknown-staff');
    expect(await set(CLERK, { staff: { '999': NONE } })).toBe('unknown-staff');
    expect(await set(AGENCY, { others: NONE })).toBe('not-allowed');
    expect(await changes()).toEqual(['1 2 none  true 1', '2 3 none  false 2']);
  });

  it('is not changed by a page that was seen before somebody else changed it', async () => {
    await page(CLERK);
    await set(OWNER, { others: NONE });
    expect(await set(OWNER, { others: upTo(5), basedOn: 0 })).toBe('changed-meanwhile');
    expect(await changes()).toHaveLength(1);
  });

  it('leaves the limit of the program to whoever may change the list', async () => {
    const { saveProgram } = await import('#app/services/loyalty/save-program.server.ts');
    const { mayChangeLimit } = await import('#app/services/staff/may-change-limit.server.ts');
    const save = async (sub: string, maximumPointsByHand: number, unit = 5) => {
      const staff = await as(sub);
      const program = aProgram({ earning: { maximumPointsByHand, rates: aProgram().earning.rates.map((rate) => ({ ...rate, points: unit })) } });
      const { rows } = await owner.query<{ version: number }>('SELECT max(version) AS version FROM loyalty_program_versions WHERE shop_id = $1', [staff.shop.shopId]);
      const saved = await saveProgram(staff, { basedOn: rows[0]?.version ?? 0, program, change: null, savedBy: sub, mayChangeLimit: await mayChangeLimit(staff, staff) });
      return saved.ok ? 'saved' : saved.reason;
    };
    expect(await save(CLERK, 2_000)).toBe('saved');
    await page(CLERK);
    await set(OWNER, { staff: { [CLERK]: upTo(50) } });
    expect(await save(CLERK, 3_000)).toBe('limit-not-yours');
    // The rest of the program is anybody's, as before.
    expect(await save(CLERK, 2_000, 6)).toBe('saved');
    expect(await save(OWNER, 1_000)).toBe('saved');
  });
});

describe('who somebody is', () => {
  it('is asked again before the list is changed: an owner of yesterday is one no more', async () => {
    await set(OWNER, { others: NONE });
    transferOwnership(app.running.simulator.requireStore(DOMAIN), Number(CLERK));
    expect(await set(OWNER, { others: upTo(5), basedOn: 1 })).toBe('not-allowed');
    expect(await set(CLERK, { others: upTo(5), basedOn: 1 })).toBe(2);
    expect((await page(CLERK)).staff.map(({ staffId, isOwner }) => [staffId, isOwner])).toEqual([[CLERK, true], [OWNER, false]]);
    expect(await adjust(OWNER, 6)).toBe('over-own-limit');
  });

  it('cannot be set by anybody while Shopify does not say', async () => {
    await page(OWNER);
    app.running.simulator.faults.set({ seed: 1, rules: [{ where: 'oauth', what: { kind: 'status', status: 503 } }] });
    expect(await set(OWNER, { others: NONE, basedOn: 0 })).toBe('shopify-away');
    expect(await page(OWNER)).toMatchObject({ confirmation: 'unavailable', mayChange: false });
  });

  it('is nobody for one whom Shopify knows no more: they adjust nothing, and the list says since when', async () => {
    await page(CLERK);
    await set(OWNER, { staff: { [CLERK]: { adjusting: upTo(50), mayChangeList: true } } });
    removeStaff(app.running.simulator.requireStore(DOMAIN), Number(CLERK));
    expect(await set(CLERK, { others: NONE })).toBe('not-confirmed');
    expect(await adjust(CLERK, 5)).toBe('not-confirmed');
    const gone = (await page(OWNER)).staff.find(({ staffId }) => staffId === CLERK);
    expect(gone?.refusedAtMs).toBeGreaterThan(Date.now() - 60_000);
    // Who was let go is not let in again by an hour in which nobody can be asked.
    const { mayChangeLimit } = await import('#app/services/staff/may-change-limit.server.ts');
    app.running.simulator.faults.set({ seed: 1, rules: [{ where: 'oauth', what: { kind: 'status', status: 503 } }] });
    expect(await adjust(CLERK, 5)).toBe('not-confirmed');
    const staff = await as(CLERK);
    expect(await mayChangeLimit(staff, staff)).toBe(false);
  });

  it('is asked once a day before points are adjusted, and found out when it is', async () => {
    await set(OWNER, { others: upTo(50) });
    expect(await adjust(CLERK, 5)).toBe(5);
    removeStaff(app.running.simulator.requireStore(DOMAIN), Number(CLERK));
    expect(await adjust(CLERK, 5)).toBe(10);
    await owner.query("UPDATE staff_members SET seen_at = now() - interval '25 hours'");
    expect(await adjust(CLERK, 5)).toBe('not-confirmed');
  });

  it('leaves no e-mail address and no token behind, and the name only sealed', async () => {
    const store = app.running.simulator.requireStore(DOMAIN);
    const name = '\u202E<script>alert(1)</script>\n\0\u2066';
    store.save('shop', { ...store.shop, staff: [{ id: 1, firstName: name, lastName: 'Ö'.repeat(300), email: 'canary-staff@example.com', isOwner: true, isCollaborator: false }] });
    const [shown] = (await page(OWNER)).staff;
    expect(shown?.name).toMatch(/^<script>alert\(1\)<\/script> Ö+$/);
    expect([...(shown?.name ?? '')]).toHaveLength(100);
    const { findCanaries } = await import('#app/adapters/db/checks/find-canaries.server.ts');
    const hits = await findCanaries(owner, ['canary-staff@example.com', 'script>alert']);
    expect(hits).toEqual([]);
    const tokens = app.running.simulator.grants.accessTokens('online');
    expect(tokens.length).toBeGreaterThan(0);
    expect(await findCanaries(owner, tokens)).toEqual([]);
    expect((await owner.query('SELECT session_id FROM sessions')).rows.every(({ session_id: id }: { session_id: string }) => id.startsWith('offline_'))).toBe(true);
  });

  it('is of one shop: the same number in another one is somebody else', async () => {
    await page(CLERK);
    await set(OWNER, { others: NONE, staff: { [CLERK]: { adjusting: { kind: 'shop-limit' }, mayChangeList: true } } });
    expect(await adjust(AGENCY, 7, { domain: OTHER })).toBe(7);
    expect((await page(CLERK, OTHER)).mayChange).toBe(false);
    expect(await set(CLERK, { others: NONE, domain: OTHER })).toBe('not-allowed');
    expect((await page(OWNER, OTHER)).changes).toEqual([]);
    // A proof for one shop does not ask for somebody of another.
    expect((await page(OWNER, OTHER)).staff.map(({ staffId }) => staffId).sort()).toEqual([OWNER, CLERK, AGENCY]);
  });
});
