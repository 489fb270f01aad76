import { describe, expect, it } from 'vitest';

import { cutFile } from '#app/domain/loyalty/members/cut-file.ts';
import { readImportHeader, readImportLine } from '#app/domain/loyalty/members/import-lines.ts';
import { readAdjustment } from '#app/domain/loyalty/members/adjustment-form.ts';

const NOW = { today: Math.floor(Date.UTC(2026, 5, 1) / 86_400_000), nowMs: Date.UTC(2026, 5, 1, 12), line: 7, timeZone: 'America/New_York' };

describe('the header of a file of points', () => {
  it('finds columns by the names of several programs', () => {
    expect(readImportHeader(['email', 'Shopify_Customer_ID', 'Points Balance'])).toEqual({ ok: true, places: { customer: 1, email: 0, points: 2 } });
    expect(readImportHeader(['Email', 'Points'])).toEqual({ ok: true, places: { email: 0, points: 1 } });
    expect(readImportHeader(['\uFEFFcustomer_id', 'points', 'expires_on', 'occurred_at', 'reason'])).toMatchObject({ ok: true, places: { reason: 4 } });
  });

  it('says why a file cannot be used', () => {
    expect(readImportHeader(['email', 'customer email', 'points'])).toEqual({ ok: false, problem: 'doubled' });
    expect(readImportHeader(['name', 'points'])).toEqual({ ok: false, problem: 'no-customer' });
    expect(readImportHeader(['customer_id', 'stars'])).toEqual({ ok: false, problem: 'no-points' });
    expect(readImportHeader(['customer_id', 'points', 'balance'])).toEqual({ ok: false, problem: 'doubled' });
  });
});

describe('a line of a file of points', () => {
  const read = (cells: Parameters<typeof readImportLine>[0]) => readImportLine(cells, NOW);

  it('reads numbers as spreadsheets and Shopify write them', () => {
    expect(read({ customer: "'7012345678901", points: '+250' })).toMatchObject({ kind: 'line', value: { customer: { by: 'id', id: 7012345678901n }, points: 250 } });
    expect(read({ customer: 'gid://shopify/Customer/5', points: '-40.0', occurredAt: '2025-01-31 10:00:00 +0200' })).toMatchObject({
      value: { points: -40, occurredAtMs: Date.UTC(2025, 0, 31, 8) },
    });
    expect(read({ customer: '5', points: '1', occurredAt: '2025-01-31' })).toMatchObject({ value: { occurredAtMs: Date.UTC(2025, 0, 31, 5) } });
    expect(read({ customer: '5', points: '0' })).toEqual({ kind: 'nothing' });
    expect(read({ customer: '', email: ' Ann@Example.COM ', points: '7' })).toMatchObject({ value: { customer: { by: 'email', email: 'ann@example.com' } } });
    expect(read({ customer: '5', email: 'ann@example.com', points: '7' })).toMatchObject({ value: { customer: { by: 'id', id: 5n } } });
  });

  it.each([
    [{ customer: 'x@y.z', points: '1' }, 'customer', 'not-a-customer'],
    [{ email: 'ann at example', points: '1' }, 'email', 'not-an-email'],
    [{ customer: '5', points: '1,000' }, 'points', 'not-points'],
    [{ customer: '5', points: '1.5' }, 'points', 'not-points'],
    [{ customer: '5', points: '10000001' }, 'points', 'too-many-points'],
    [{ customer: '5', points: '1', expiresOn: '31/12/2027' }, 'expiresOn', 'not-a-day'],
    [{ customer: '5', points: '1', expiresOn: '2026-06-01' }, 'expiresOn', 'already-over'],
    [{ customer: '5', points: '1', occurredAt: '2026-06-02' }, 'occurredAt', 'in-the-future'],
    [{ customer: '5', points: '1', reason: 'x'.repeat(501) }, 'reason', 'too-long'],
  ])('%o is told by its number and field', (cells, field, problem) => {
    expect(read(cells)).toEqual({ kind: 'bad', value: { line: 7, field, problem } });
  });
});

describe('a file that is cut', () => {
  it('is whole lines, none twice, quoted line breaks kept, and counted', () => {
    const text = 'customer_id,points,reason\r\n1,5,"two\nlines"\r\n2,6,b\r\n3,7,"say ""hi"", now"\n4,8,d';
    const { header, pieces } = cutFile(text, 20);
    expect(header).toBe('customer_id,points,reason');
    expect(pieces.map((piece) => piece.text).join('')).toBe(text.slice(27));
    expect(pieces).toEqual([
      { text: '1,5,"two\nlines"\r\n', firstLine: 2 },
      { text: '2,6,b\r\n', firstLine: 4 },
      { text: '3,7,"say ""hi"", now"\n', firstLine: 5 },
      { text: '4,8,d', firstLine: 6 },
    ]);
    expect(cutFile('customer_id,points').pieces).toEqual([]);
  });
});

describe('a filled form of points by hand', () => {
  const zone = { nowMs: NOW.nowMs, timeZone: 'UTC' };
  const draft = { direction: 'give', points: '50', note: 'For the wait', expiresOn: '' } as const;

  it('gives or takes', () => {
    expect(readAdjustment(draft, zone)).toEqual({ ok: true, value: { points: 50, note: 'For the wait', expiresOn: null } });
    expect(readAdjustment({ ...draft, direction: 'take', expiresOn: '2020-01-01' }, zone)).toMatchObject({ value: { points: -50, expiresOn: null } });
  });

  it('says what is wrong beside each field', () => {
    expect(readAdjustment({ ...draft, points: '', note: ' ', expiresOn: '2026-06-01' }, zone)).toEqual({
      ok: false,
      problems: { points: 'missing', note: 'missing', expiresOn: 'already-over' },
    });
    expect(readAdjustment({ ...draft, points: '1.5' }, zone)).toMatchObject({ problems: { points: 'not-a-number' } });
    expect(readAdjustment({ ...draft, points: '0', note: 'x'.repeat(501) }, zone)).toMatchObject({ problems: { points: 'out-of-range', note: 'too-long' } });
  });
});
