import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { bulkCustomer, bulkLine, bulkOrder, jsonLines } from '#test/support/bulk-lines.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { scriptBulk } from '#test/support/scripted-bulk.ts';

const STORE = syntheticStore(1);
const SEED = Number(process.env['FAST_CHECK_SEED'] ?? Date.now() % 1_000_000);

const euros = (amount: string) => ({ shopMoney: { amount, currencyCode: 'EUR' } });
const ODDITIES: unknown[] = [
  -1, 1e308, 2 ** 53, 4e9, '__proto__', '', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59-14:00', `gid://shopify/Order/${'9'.repeat(25)}`,
  { id: `gid://shopify/Customer/${'9'.repeat(25)}` }, euros('-5.0'), euros('90071992547409.91'), euros('1e3'),
  { taxLines: [{ priceSet: euros('90071992547409.91') }, { priceSet: euros('90071992547409.91') }] },
];

let faulty: FaultyApp;
let context: ShopContext;

beforeAll(async () => {
  faulty = await startFaultyApp(STORE);
  context = await faulty.app.install(STORE.shop.domain);
});

beforeEach(() => forgetAll());
afterAll(() => faulty.stop());

async function forgetAll(): Promise<void> {
  await faulty.owner.query('TRUNCATE imports, orders, order_lines, refunds, fulfillments, customers');
}

/** Imports one file as the shop's orders, or customers. */
async function importFile(file: string | Buffer, objectCount: number, resource = 'orders'): Promise<Record<string, unknown>> {
  await faulty.owner.query(
    `INSERT INTO imports (shop_id, import_id, resource, state, requested_at)
     VALUES ($1, gen_random_uuid(), $2, 'requested', now())`,
    [context.shop.shopId, resource],
  );
  faulty.proxy.plan = scriptBulk([{ objectCount, file }]);
  const errors = await faulty.pull(context, { steps: 12 });
  expect(errors).toEqual([]);
  const [outcome] = await faulty.rows(
    'SELECT state, error_code, objects_stored, objects_rejected, error_detail FROM imports ORDER BY requested_at DESC LIMIT 1',
  );
  return outcome ?? {};
}

const storedOrders = async () => (await faulty.rows('SELECT order_id FROM orders ORDER BY 1')).map((row) => Number(row['order_id']));
const storedLines = async () => (await faulty.rows('SELECT line_id FROM order_lines ORDER BY 1')).map((row) => Number(row['line_id']));

const good = (id: number) => JSON.stringify(bulkOrder(id));

describe('one bad line among good ones', () => {
  it.each<[string, string | Buffer]>([
    ['a line that breaks off', good(2).slice(0, 200)],
    ['bad UTF-8', Buffer.concat([Buffer.from('{"id":"gid://shopify/Order/2","name":"'), Buffer.of(0xc3, 0x28, 0xff), Buffer.from(good(2).slice(38))])],
    ['a list', '[1]'],
    ['a bare word', 'null'],
    ['10,000 brackets', '['.repeat(10_000)],
    ['an id beyond 64 bits', JSON.stringify(bulkOrder('99999999999999999999'))],
    ['an id of words', JSON.stringify(bulkOrder('abc'))],
    ['no id', JSON.stringify(bulkOrder(2, { id: undefined }))],
    ['a missing amount', JSON.stringify(bulkOrder(2, { currentTotalPriceSet: undefined }))],
    ['an amount that is a float', JSON.stringify(bulkOrder(2, { totalReceivedSet: { shopMoney: { amount: 27, currencyCode: 'EUR' } } }))],
    ['a fraction of a cent', JSON.stringify(bulkOrder(2, { totalReceivedSet: { shopMoney: { amount: '27.001', currencyCode: 'EUR' } } }))],
    ['an amount in another currency', JSON.stringify(bulkOrder(2, { totalReceivedSet: { shopMoney: { amount: '27', currencyCode: 'JPY' } } }))],
    ['a negative amount beyond all bounds', JSON.stringify(bulkOrder(2, { totalReceivedSet: { shopMoney: { amount: `-${'9'.repeat(40)}`, currencyCode: 'EUR' } } }))],
    ['an unknown currency', JSON.stringify(bulkOrder(2, { currencyCode: 'XXX' }))],
    ['a date that is none', JSON.stringify(bulkOrder(2, { processedAt: 'yesterday' }))],
    ['the year 0', JSON.stringify(bulkOrder(2, { processedAt: '0000-01-01T00:00:00Z' }))],
    ['the year 10000', JSON.stringify(bulkOrder(2, { processedAt: '9999-12-31T23:59:59-01:00' }))],
    ['null where something must be', JSON.stringify(bulkOrder(2, { test: null }))],
    ['a line item without a parent that is an id', JSON.stringify(bulkLine('x', 20))],
    ['a quantity beyond 32 bits', JSON.stringify(bulkLine(1, 20, { quantity: 3_000_000_000 }))],
  ])('is counted with its number, and the rest is stored: %s', async (_what, bad) => {
    const file = Buffer.concat([Buffer.from(`${good(1)}\n`), Buffer.from(bad), Buffer.from(`\n${good(3)}\n`)]);
    expect(await importFile(file, 3)).toEqual({
      state: 'completed',
      error_code: null,
      objects_stored: 2,
      objects_rejected: 1,
      error_detail: expect.stringMatching(/^line 2: /),
    });
    expect(await storedOrders()).toEqual([1, 3]);
  });
});

it('names the first twenty bad lines of a file that has many, and counts them all', async () => {
  const bad = Array.from({ length: 30 }, () => '[1]').join('\n');
  const outcome = await importFile(`${good(1)}\n${bad}\n`, 31);
  expect(outcome).toMatchObject({ state: 'completed', objects_stored: 1, objects_rejected: 30 });
  expect(String(outcome['error_detail']).split('\n')).toEqual(Array.from({ length: 20 }, (_, index) => expect.stringContaining(`line ${index + 2}: `)));
});

describe('an unusual but honest file', () => {
  it.each<[string, string]>([
    ['a byte order mark', `\uFEFF${good(1)}\n${good(2)}\n`],
    ['CRLF', `${good(1)}\r\n${good(2)}\r\n`],
    ['blank lines', `\n\n${good(1)}\n\r\n\n${good(2)}\n\n`],
    ['no end of the last line', `${good(1)}\n${good(2)}`],
    ['line separators of Unicode inside a name', `${JSON.stringify(bulkOrder(1, { name: 'a\u2028b\u2029c\u0085d' }))}\n${good(2)}\n`],
    ['control characters inside a name', `${JSON.stringify(bulkOrder(1, { name: 'a\tb\nc\\d\re\u0000f"g' }))}\n${good(2)}\n`],
    ['half a surrogate pair', `${JSON.stringify(bulkOrder(1, { name: 'a\\ud800b' })).replace('\\\\ud800', '\\ud800')}\n${good(2)}\n`],
    ['keys named __proto__ and constructor', `${good(1).slice(0, -1)},"__proto__":{"test":true},"constructor":{"prototype":{}}}\n${good(2)}\n`],
    ['values of enums that nobody knows yet', jsonLines([bulkOrder(1, { displayFinancialStatus: 'BARTERED', fulfillments: [] }), bulkOrder(2)])],
    ['fields that nobody asked for', jsonLines([bulkOrder(1, { novelty: { deep: [1, { er: null }] } }), bulkOrder(2)])],
    ['10 MB in one line', jsonLines([bulkOrder(1, { note: 'x'.repeat(10_000_000) }), bulkOrder(2)])],
  ])('is stored whole: %s', async (_what, file) => {
    expect(await importFile(file, 2)).toMatchObject({ state: 'completed', objects_stored: 2, objects_rejected: 0 });
    expect(await storedOrders()).toEqual([1, 2]);
    expect(await faulty.rows('SELECT DISTINCT is_test FROM orders')).toEqual([{ is_test: false }]);
  });

  it('keeps every character of a name that a database can hold', async () => {
    const name = 'tab\tnewline\nreturn\rback\\slash "quote" \\N \u2028 你好 مرحبا 👩‍👩‍👧';
    await importFile(jsonLines([bulkOrder(1, { name: `${name}\u0000`, discountCodes: [name, '', 'NULL', '{a,b}'] })]), 1);
    expect(await faulty.rows('SELECT name, discount_codes FROM orders')).toEqual([{ name, discount_codes: [name, '', 'NULL', '{a,b}'] }]);
  });

  it('has ids beyond 2^53 that stay exact', async () => {
    await importFile(jsonLines([bulkOrder('9007199254740993'), bulkLine('9007199254740993', '9007199254740995')]), 2);
    expect(await faulty.rows('SELECT order_id, line_id FROM order_lines')).toEqual([
      { order_id: '9007199254740993', line_id: '9007199254740995' },
    ]);
  });

  it('has children before their parents', async () => {
    await importFile(jsonLines([bulkLine(2, 21), bulkLine(1, 11), bulkOrder(2), bulkLine(1, 12), bulkOrder(1)]), 5);
    expect(await storedLines()).toEqual([11, 12, 21]);
  });

  it('has thousands of children before their parents, and goes on where it was interrupted among them', async () => {
    const orders = Array.from({ length: 20 }, (_, index) => bulkOrder(index + 1));
    const lines = Array.from({ length: 6_200 }, (_, index) => bulkLine((index % 20) + 1, 1_000 + index));
    const file = `no json\n${jsonLines([...lines, ...orders])}[]\n`;
    // The first batch of the children is in, the second is not.
    await faulty.owner.query(`
      CREATE FUNCTION interrupt() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.pass = 1 AND OLD.pass = 1 THEN RAISE 'interrupted'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER interrupt BEFORE UPDATE ON imports FOR EACH ROW WHEN (NEW.line > OLD.line) EXECUTE FUNCTION interrupt()`);
    await expect(importFile(file, 6_222)).rejects.toThrow();
    await faulty.owner.query('DROP TRIGGER interrupt ON imports; DROP FUNCTION interrupt');
    expect(await storedLines()).toHaveLength(6_000);
    expect(await faulty.pull(context)).toEqual([]);
    expect(await storedLines()).toHaveLength(6_200);
    expect(await faulty.rows('SELECT state, objects_stored, objects_rejected, error_detail FROM imports')).toEqual([
      { state: 'completed', objects_stored: 6_220, objects_rejected: 2, error_detail: 'line 1: not JSON\nline 6222: not an object' },
    ]);
  });

  it('has an orphan, which is counted with its number and harms none', async () => {
    expect(await importFile(jsonLines([bulkOrder(1), bulkLine(404, 11), bulkLine(1, 12)]), 3)).toMatchObject({
      state: 'completed',
      objects_stored: 2,
      objects_rejected: 1,
      error_detail: expect.stringMatching(/^line 2: its order is not in the file/),
    });
    expect(await storedLines()).toEqual([12]);
  });

  it('brings an order again with fewer lines, and the others go', async () => {
    await importFile(jsonLines([bulkOrder(1), bulkLine(1, 11), bulkLine(1, 12), bulkOrder(2), bulkLine(2, 21)]), 5);
    await importFile(jsonLines([bulkOrder(1), bulkOrder(2), bulkLine(2, 21), bulkLine(1, 12)]), 4);
    expect(await storedLines()).toEqual([12, 21]);
  });

  it('takes no line away when one of the file could not be read', async () => {
    await importFile(jsonLines([bulkOrder(1), bulkLine(1, 11), bulkLine(1, 12)]), 3);
    const file = `${jsonLines([bulkOrder(1), bulkLine(1, 11)])}${JSON.stringify(bulkLine(1, 12)).slice(0, 90)}\n`;
    expect(await importFile(file, 3)).toMatchObject({ state: 'completed', objects_rejected: 1 });
    expect(await storedLines()).toEqual([11, 12]);
  });

  it('tells one order twice, of which the later version counts with its refunds', async () => {
    const refund = (amount: string) => [
      { id: 'gid://shopify/Refund/5', createdAt: null, totalRefundedSet: { shopMoney: { amount, currencyCode: 'EUR' } } },
    ];
    const later = bulkOrder(1, { name: 'later', updatedAt: '2026-04-01T00:00:00Z', refunds: refund('9.0') });
    const earlier = bulkOrder(1, { name: 'earlier', refunds: refund('1.0') });
    for (const versions of [[later, earlier], [earlier, later]]) {
      await forgetAll();
      await importFile(jsonLines([...versions, bulkLine(1, 11), bulkLine(1, 11)]), 4);
      expect(await faulty.rows('SELECT o.name, r.refunded_minor FROM orders o JOIN refunds r USING (order_id)')).toEqual([
        { name: 'later', refunded_minor: '900' },
      ]);
      expect(await storedLines()).toEqual([11]);
    }
  });
});

describe('a file that is older than what we hold', () => {
  it('leaves the lines alone of an order that a webhook has brought since', async () => {
    const file = jsonLines([bulkOrder(1), bulkLine(1, 11), bulkOrder(2), bulkLine(2, 21)]);
    await importFile(file, 4);
    await faulty.owner.query("UPDATE orders SET import_id = NULL, updated_at = '2026-06-01' WHERE order_id = 1");
    await faulty.owner.query('INSERT INTO order_lines SELECT shop_id, order_id, 12, product_id, variant_id, title, sku, 5, 5, 0, 0 FROM order_lines WHERE line_id = 11');
    await faulty.owner.query('UPDATE order_lines SET quantity = 9 WHERE line_id = 11');
    expect(await importFile(file, 4)).toMatchObject({ state: 'completed' });
    expect(await faulty.rows('SELECT line_id, quantity FROM order_lines ORDER BY 1')).toEqual([
      { line_id: '11', quantity: 9 }, { line_id: '12', quantity: 5 }, { line_id: '21', quantity: 2 },
    ]);
  });

  it('brings no order back that was deleted here', async () => {
    await importFile(jsonLines([bulkOrder(1), bulkOrder(2)]), 2);
    await faulty.owner.query("UPDATE orders SET deleted_at = now(), name = 'as it went' WHERE order_id = 1");
    await importFile(jsonLines([bulkOrder(1, { updatedAt: '2026-05-01T00:00:00Z' }), bulkOrder(2)]), 2);
    expect(await faulty.rows('SELECT name, deleted_at IS NULL AS is_live FROM orders ORDER BY order_id')).toEqual([
      { name: 'as it went', is_live: false },
      { name: '#2', is_live: true },
    ]);
  });

  it('puts no earlier version of a customer over a later one, and of two takes the later', async () => {
    const versions = ['2026-05-02T00:00:00Z', '2026-05-03T00:00:00Z', '2026-05-01T00:00:00Z'];
    const file = (texts: readonly string[]) => jsonLines(texts.map((updatedAt) => bulkCustomer(7, { updatedAt, locale: `of-${updatedAt.slice(0, 10)}` })));
    const locales = () => faulty.rows('SELECT locale FROM customers');
    await importFile(file(versions), 3, 'customers');
    expect(await locales()).toEqual([{ locale: 'of-2026-05-03' }]);
    await importFile(file(versions.slice(0, 1)), 1, 'customers');
    expect(await locales()).toEqual([{ locale: 'of-2026-05-03' }]);
  });
});

describe('a file of which nothing can be read', () => {
  it('is no history and makes nothing fresh: the import fails and says why', async () => {
    const file = jsonLines([bulkOrder(1, { currencyCode: 'XXX' }), bulkLine(1, 11)]);
    await faulty.owner.query("UPDATE shops SET fresh_at = '2026-01-01'");
    expect(await importFile(file, 2)).toMatchObject({
      state: 'failed',
      error_code: 'nothing-readable',
      objects_stored: 0,
      objects_rejected: 2,
      error_detail: expect.stringMatching(/^line 1: .+\nline 2: its order/),
    });
    expect(await faulty.rows("SELECT fresh_at = '2026-01-01' AS is_as_before FROM shops")).toEqual([{ is_as_before: true }]);
    expect(await storedLines()).toEqual([]);
  });
});

describe('a file that is cut short', () => {
  const OBJECTS = [bulkOrder(1), bulkOrder(2), bulkLine(2, 21), bulkLine(1, 11)];
  const WHOLE = Buffer.from(jsonLines(OBJECTS));

  it('is never taken for complete, wherever it was cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: WHOLE.length - 2 }), async (bytes) => {
        await forgetAll();
        // Also within the last line, where the number of lines is what was promised.
        expect(await importFile(WHOLE.subarray(0, bytes), OBJECTS.length)).toMatchObject({ state: 'failed', error_code: 'file-cut-short' });
      }),
      { numRuns: 8, seed: SEED, examples: [[WHOLE.length - 2], [WHOLE.length - 40], [0]] },
    );
  });
});

describe('any file', () => {
  const ORDERS = [1, 2, 3, 4, 5, 6];
  const BASE = ORDERS.flatMap((id) => [bulkOrder(id), bulkLine(id, id * 10)]).map((object) => JSON.stringify(object));

  const junk = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(...ODDITIES));
  const field = fc.constantFrom(...Object.keys(bulkOrder(1)), ...Object.keys(bulkLine(1, 1)));
  /** Each harms one line, which it names. */
  const harm = fc.oneof(
    fc.record({ at: fc.nat(BASE.length - 1), kind: fc.constant('field' as const), field, value: junk }),
    fc.record({ at: fc.nat(BASE.length - 1), kind: fc.constant('cut' as const), bytes: fc.nat(600) }),
    fc.record({ at: fc.nat(BASE.length - 1), kind: fc.constant('byte' as const), bytes: fc.nat(600), value: fc.nat(255) }),
    fc.record({ at: fc.nat(BASE.length - 1), kind: fc.constant('text' as const), value: fc.string({ unit: 'binary' }) }),
  );

  it('is read to its end without a crash, and what was not harmed is stored as it is', async () => {
    await importFile(`${BASE.join('\n')}\n`, BASE.length);
    const whole = await snapshot();
    await fc.assert(
      fc.asyncProperty(fc.array(harm, { minLength: 1, maxLength: 4 }), fc.constantFrom('\n', '\r\n', '\n\n'), async (harms, end) => {
        await forgetAll();
        const lines = BASE.map((text): Buffer => Buffer.from(text));
        for (const each of harms) lines[each.at] = harmed(lines[each.at] ?? Buffer.alloc(0), each);
        const outcome = await importFile(Buffer.concat(lines.flatMap((line) => [line, Buffer.from(end)])), 0);
        expect(outcome['state']).toBe('completed');

        const isHarmed = (index: number) => harms.some((each) => each.at === index);
        const after = await snapshot();
        ORDERS.forEach((id, index) => {
          if (isHarmed(index * 2) || isHarmed(index * 2 + 1)) return;
          // A harmed line may have become one of this very order.
          if (harms.some((each) => each.kind === 'field')) expect(after.get(id)?.order).toBeDefined();
          else expect(after.get(id)).toEqual(whole.get(id));
        });
      }),
      { numRuns: 40, seed: SEED },
    );
  });

  async function snapshot(): Promise<Map<number, { order: unknown; lines: unknown }>> {
    const held = await faulty.rows(
      `SELECT order_id, (to_jsonb(o) - '{import_id,data_version}'::text[])::text AS order,
         (SELECT jsonb_agg(to_jsonb(l) ORDER BY line_id)::text FROM order_lines l WHERE l.order_id = o.order_id) AS lines
       FROM orders o`,
    );
    return new Map(held.map((row) => [Number(row['order_id']), { order: row['order'], lines: row['lines'] }]));
  }

  function harmed(line: Buffer, each: typeof harm extends fc.Arbitrary<infer T> ? T : never): Buffer {
    switch (each.kind) {
      case 'field':
        return Buffer.from(JSON.stringify({ ...bulkOrder(99), ...parsed(line), [each.field]: each.value }));
      case 'cut':
        return line.subarray(0, each.bytes);
      case 'byte': {
        const copy = Buffer.from(line);
        // A newline would make two lines of it.
        if (each.bytes < copy.length && each.value !== 0x0a) copy[each.bytes] = each.value;
        return copy;
      }
      case 'text':
        return Buffer.from(each.value.replaceAll('\n', ' '));
    }
  }

  function parsed(line: Buffer): object {
    try {
      const value: unknown = JSON.parse(line.toString('utf8'));
      return typeof value === 'object' && value !== null ? value : {};
    } catch {
      return {};
    }
  }
});
