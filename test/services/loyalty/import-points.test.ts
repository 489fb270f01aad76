import { createHash } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { verifyChains } from '#app/adapters/db/loyalty/verify-chains.server.ts';
import { withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import { cutFile } from '#app/domain/loyalty/members/cut-file.ts';
import { addCounts, EMPTY_COUNT } from '#app/domain/loyalty/members/import-lines.ts';
import type { ImportCount } from '#app/domain/loyalty/members/import-lines.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import { askingStaff } from '#test/support/asking-staff.ts';

const START = new Date('2026-03-02T10:00:00Z');

let shop: LoyaltyShop;

beforeAll(async () => {
  shop = await openLoyaltyShop();
  shop.setClock(START);
  await shop.owner.query(
    `INSERT INTO customers (shop_id, customer_id, created_at, updated_at, number_of_orders)
     SELECT (SELECT shop_id FROM shops LIMIT 1), i, now(), now(), 0 FROM generate_series(1, 3000) i`,
  );
});

afterAll(() => shop.stop());

beforeEach(() => {
  shop.setClock(START);
});

/** As the page sends a file: in pieces, by the name of its bytes. */
async function send(text: string, { isDryRun = false, takesRepeated = false, pieceCharacters = 400 } = {}) {
  const { importPoints } = await import('#app/services/loyalty/import-points.server.ts');
  const { header, pieces } = cutFile(text, pieceCharacters);
  const fileHash = createHash('sha256').update(text).digest('hex');
  let count: ImportCount = EMPTY_COUNT;
  for (const piece of pieces) {
    const answer = await importPoints(shop.context, { fileHash, fileName: 'points.csv', header, isDryRun, takesRepeated, ...piece }, askingStaff('77'));
    if (answer.outcome === 'refused') return answer.reason;
    count = addCounts(count, answer.count);
  }
  return count;
}

async function balances(): Promise<Record<string, number>> {
  const { rows } = await shop.owner.query<{ customer_id: string; points: number }>(
    `SELECT customer_id, sum(points)::int AS points FROM loyalty_members JOIN loyalty_postings USING (shop_id, member_id)
     WHERE account = 'customer' GROUP BY 1`,
  );
  return Object.fromEntries(rows.map((row) => [row.customer_id, row.points]));
}

describe('a file of points', () => {
  it('waits for a program, which says when points end', async () => {
    expect(await send('customer_id,points\n1,5\n')).toBe('no-program');
    await shop.saveProgram(aProgram());
  });

  const FILE = [
    'customer_id,email,points,expires_on,occurred_at,reason',
    '1,a@x.example,1000,,2024-05-01,"Bought, long ago"',
    "'1,a@x.example,-400,,2025-05-01,Spent",
    '2,b@x.example,250,2026-12-31,,',
    '9999999,c@x.example,50,,,',
    '3,d@x.example,many,,,',
    '4,e@x.example,-70,,,',
    '5,f@x.example,0,,,',
  ].join('\r\n');
  const EXPECTED = { ...EMPTY_COUNT, lines: 5, badLines: 1, unknownLines: 1, addedPoints: 1250, takenPoints: 470, bad: [{ line: 6, field: 'points', problem: 'not-points' }], unknown: [{ line: 5, customer: '9999999' }] };

  it('is tried first, which changes nothing', async () => {
    expect(await send(FILE, { isDryRun: true })).toEqual(EXPECTED);
    expect(await balances()).toEqual({});
    const { rows } = await shop.owner.query('SELECT 1 FROM loyalty_members');
    expect(rows).toEqual([]);
  });

  it('gives, takes and notes; sent again, in other pieces or twice at once, it changes nothing', async () => {
    expect(await send(FILE)).toEqual(EXPECTED);
    const after = { 1: 600, 2: 250, 4: -70 };
    expect(await balances()).toEqual(after);
    const again = { ...EXPECTED, knownLines: 4, addedPoints: 0, takenPoints: 0 };
    expect(await send(FILE, { pieceCharacters: 60 })).toEqual(again);
    expect(await Promise.all([send(FILE), send(FILE, { pieceCharacters: 100 })])).toEqual([again, again]);
    expect(await balances()).toEqual(after);
    const { rows } = await shop.owner.query('SELECT note, staff_id FROM loyalty_notes ORDER BY member_id, sequence');
    expect(rows).toMatchObject([{ note: 'Bought, long ago', staff_id: '77' }, { note: 'Spent' }, { note: 'points.csv' }, { note: 'points.csv' }]);
  });

  it('saved anew by another program adds nothing, since customers, points and days are the same, unless it is to', async () => {
    // As Excel writes it: other bytes, other quotes, other line ends, and a line that is new.
    const saved = ['customer_id,points,occurred_at', '1,1000,2024-05-01', '1,-400,2025-05-01', '2,250,', '4,-70,', '1,1000,2024-05-02'].join('\n');
    const before = await balances();
    const leftOut = { ...EMPTY_COUNT, lines: 5, repeatedLines: 4, repeatedAddedPoints: 1250, repeatedTakenPoints: 470, addedPoints: 1000 };
    expect(await send(saved, { isDryRun: true })).toEqual(leftOut);
    expect(await send(saved, { pieceCharacters: 30 })).toEqual(leftOut);
    expect(await balances()).toEqual({ ...before, 1: 1600 });
    expect(await send(saved, { takesRepeated: true })).toMatchObject({ knownLines: 1, repeatedLines: 0, addedPoints: 1250, takenPoints: 470 });
    expect(await balances()).toEqual({ 1: 2200, 2: 500, 4: -140 });
  });

  it('takes who was missing once they are there', async () => {
    await shop.owner.query('UPDATE customers SET customer_id = 9999999 WHERE customer_id = 3000');
    expect(await send(FILE)).toMatchObject({ knownLines: 4, addedPoints: 50, unknownLines: 0 });
  });

  it('lets nobody\'s points expire because they were moved', async () => {
    await shop.passTime();
    expect(await balances()).toMatchObject({ 1: 2200 });
    shop.setClock(new Date('2027-03-03T10:00:00Z'));
    await shop.passTime();
    expect(await balances()).toMatchObject({ 1: 0, 4: -140 });
  });

  it('is refused, and nothing of the piece entered, while Shopify does not say whose its e-mails are', async () => {
    const { importPoints } = await import('#app/services/loyalty/import-points.server.ts');
    const { ShopifyRequestError, ShopifyUnavailableError } = await import('#app/adapters/shopify/admin-api.server.ts');
    const before = await balances();
    const sendTo = (error: Error) => {
      const piece = { fileHash: 'f'.repeat(64), fileName: 'smile.csv', header: 'customer_id,email,points', text: '1,,5\n,ann@x.example,5\n', firstLine: 2 };
      return importPoints({ ...shop.context, admin: () => Promise.reject(error) }, { ...piece, isDryRun: false, takesRepeated: false }, askingStaff('77'));
    };
    expect(await sendTo(new ShopifyUnavailableError('away'))).toEqual({ outcome: 'refused', reason: 'shopify-away' });
    expect(await sendTo(new ShopifyRequestError('no scope'))).toEqual({ outcome: 'refused', reason: 'emails-withheld' });
    expect(await balances()).toEqual(before);
  });

  it('is entered line by line in chains that hold, two files at once too', async () => {
    const file = (points: number) => ['customer_id,points', ...Array.from({ length: 900 }, (_, index) => `${100 + ((index * 7) % 300)},${points}`)].join('\n');
    const counts = await Promise.all([send(file(3), { pieceCharacters: 2_000 }), send(file(4), { pieceCharacters: 3_000 })]);
    expect(counts).toMatchObject([{ addedPoints: 2_700 }, { addedPoints: 3_600 }]);
    const { broken } = await withTenantSnapshot(shop.context.pool, shop.context.shop, (connection) => verifyChains(connection, shop.context.shop));
    expect(broken).toEqual([]);
    expect((await balances())['100']).toBe(21);
  });
});
