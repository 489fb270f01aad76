import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readOrdersExport } from '#app/adapters/orders-export/read-orders-export.ts';
import type { ReadOrdersExport } from '#app/adapters/orders-export/read-orders-export.ts';
import { UnusableExportError } from '#app/adapters/orders-export/unusable-export.ts';
import { DEFAULT_COUNTING } from '#app/domain/retention/metrics/order-value.ts';
import { aLineRow, anOrderRow, EXPORT_HEADER, exportFile, inPieces } from '#test/support/orders-export-file.ts';
import type { ExportRow } from '#test/support/orders-export-file.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

const HEADER = exportFile([]);

async function read(content: string | Uint8Array, currency: string | null = null) {
  const problems: string[] = [];
  const onProblem = (line: number, reason: string) => problems.push(`${line}: ${reason}`);
  const result = await readOrdersExport(inPieces(content, 1000), { timeZone: 'UTC', currency, counting: DEFAULT_COUNTING, onProblem });
  return { problems, result };
}

const basketsOf = ({ columns, lines }: ReadOrdersExport): Record<string, string[]> =>
  Object.fromEntries(
    Array.from(columns.orderIds.subarray(0, columns.orderCount), (orderId, order) => {
      const products = lines.products.subarray(lines.lineOffsets[order], lines.lineOffsets[order + 1]);
      return [String(orderId), Array.from(products, (code) => lines.dictionary[code]?.title ?? '').sort()];
    }),
  );
const revenueOf = ({ columns }: ReadOrdersExport) => Array.from(columns.valuesMinor).reduce((sum, value) => sum + value, 0);
const refusalOf = (content: string | Uint8Array) =>
  read(content).then(
    () => 'was read',
    (error: unknown) => (error instanceof UnusableExportError ? error.message : `broke: ${error}`),
  );

describe('a file with lines that cannot be read', () => {
  it('gives all the others, and names each line and what is wrong with it', async () => {
    const rows = [
      anOrderRow('#1'),
      anOrderRow('#2', { Subtotal: '12.345' }),
      anOrderRow('#3', { 'Created at': '03/01/2026' }),
      anOrderRow('#4', { 'Created at': '' }),
      anOrderRow('#5', { Currency: 'EURO' }),
      anOrderRow('', {}),
      anOrderRow('#7', { 'Refunded Amount': 'ten' }),
      anOrderRow('#8', { 'Lineitem quantity': 'two' }),
    ];
    const tooLong = `${exportFile([anOrderRow('#9')]).split('\n')[1]},more`;
    const { problems, result } = await read(`${exportFile(rows)}${tooLong}\n#10,"open\n`);
    expect(problems).toEqual([
      '3: Subtotal: “12.345” is no whole number of the smallest unit of EUR',
      '4: Created at: “03/01/2026” is not a date and time',
      '5: order #4 has no Created at',
      '6: Currency: “EURO” is not a currency',
      '7: an order without Name',
      '8: Refunded Amount: “ten” is not an amount',
      '10: it has 25 columns, and the header 24',
      '11: a quote never closes',
      '9: Lineitem quantity: “two” is not a number; order #8 is read without it',
    ]);
    expect([result.columns.orderCount, revenueOf(result), result.rows, result.problems]).toEqual([2, 2000, 10, 9]);
  });

  it('reads a good copy of an order whose first one could not be read', async () => {
    const { result } = await read(exportFile([anOrderRow('#1', { Subtotal: '?' }), anOrderRow('#2'), anOrderRow('#1')]));
    expect([result.columns.orderCount, result.repeatedOrders]).toEqual([2, 0]);
  });
});

describe('orders that are not one run of rows', () => {
  it('counts an order that was exported twice once, as it came first', async () => {
    const first = exportFile([anOrderRow('#1'), anOrderRow('#2')]);
    const second = exportFile([anOrderRow('#2', { Subtotal: '99.00' }), aLineRow('#2', { 'Lineitem name': 'Cup' }), anOrderRow('#3')]);
    const { problems, result } = await read(first + second);
    expect([revenueOf(result), result.repeatedOrders, problems]).toEqual([3000, 1, []]);
  });

  it('tells orders of one name apart by their ids', async () => {
    const rows = [anOrderRow('#1', { Id: '11' }), anOrderRow('#2', { Id: '12' }), anOrderRow('#1', { Id: '13' }), anOrderRow('#1', { Id: '11' })];
    const { result } = await read(exportFile(rows));
    expect([result.columns.orderCount, result.repeatedOrders]).toEqual([3, 1]);
  });

  it('does not trust ids that an office program has rounded', async () => {
    const rows = ['#1', '#2', '#3'].map((name) => anOrderRow(name, { Id: '5.12346E+12' }));
    expect((await read(exportFile(rows))).result.columns.orderCount).toBe(3);
  });

  it('joins lines to their order that are far from it, and counts them', async () => {
    const line = (title: string) => aLineRow('#1', { 'Lineitem name': title, 'Lineitem sku': title.toUpperCase() });
    const rows = [line('Pot'), anOrderRow('#2'), anOrderRow('#1'), anOrderRow('#3'), line('Cup')];
    const { problems, result } = await read(exportFile(rows));
    expect([result.columns.orderCount, result.strayLines, problems]).toEqual([3, 2, []]);
    expect(basketsOf(result)['1']).toEqual(['Cup', 'Pot', 'Tea']);
  });

  it('names lines of which no order comes', async () => {
    const rows = [anOrderRow('#1'), aLineRow('#7', { 'Lineitem name': 'Cup' }), anOrderRow('#2'), aLineRow('#7', { 'Lineitem name': 'Pot' })];
    const { problems, result } = await read(exportFile(rows));
    expect(problems).toEqual(['3: line items of order #7, and no line with the order\'s own fields could be read']);
    expect([result.columns.orderCount, result.strayLines, result.lines.dictionary.map(({ title }) => title)]).toEqual([2, 0, ['Tea']]);
  });

  it('is read the same in whatever order its lines come', async () => {
    const order = fc.record({
      items: fc.uniqueArray(fc.constantFrom('Tea', 'Cup', 'Pot', 'Tin'), { minLength: 1, maxLength: 4 }),
      customer: fc.constantFrom('ann@example.com', 'bob@example.com', ''),
      status: fc.constantFrom('paid', 'paid', 'refunded'),
      hasId: fc.boolean(),
      isEachRowWhole: fc.boolean(),
    });
    type Order = typeof order extends fc.Arbitrary<infer Made> ? Made : never;
    const rowsOf = ({ items, customer, status, hasId, isEachRowWhole }: Order, index: number) =>
      items.map((title, place) => {
        const id: ExportRow = hasId ? { Id: String(5_000_000_000 + index) } : {};
        const own: ExportRow = { Email: customer, 'Lineitem name': title, 'Lineitem sku': title.toUpperCase() };
        const fields: ExportRow = { Subtotal: `${index + 1}.00`, 'Financial Status': status, 'Created at': `2026-03-01 10:00:${String(index).padStart(2, '0')} +0000`, ...id };
        return place === 0 || isEachRowWhole ? anOrderRow(`#${index + 1}`, { ...own, ...fields }) : aLineRow(`#${index + 1}`, own);
      });
    await fc.assert(
      fc.asyncProperty(
        fc.array(order, { minLength: 1, maxLength: 8 }).chain((orders) => {
          const rows = orders.flatMap(rowsOf);
          return fc.record({ rows: fc.constant(rows), shuffled: fc.shuffledSubarray(rows, { minLength: rows.length }) });
        }),
        async ({ rows, shuffled }) => {
          const [as, other] = [(await read(exportFile(rows))).result, await read(exportFile(shuffled))];
          expect(other.problems).toEqual([]);
          expect(other.result.columns).toEqual(as.columns);
          expect(other.result.lines).toEqual(as.lines);
          expect([other.result.excluded, other.result.rows]).toEqual([as.excluded, as.rows]);
        },
      ),
      { numRuns: 80 },
    );
  });

  it('takes rows without name and id for lines of the order above', async () => {
    const { result } = await read(exportFile([anOrderRow('#1'), { ...aLineRow(''), 'Lineitem name': 'Cup' }, anOrderRow('#2')]));
    expect([result.columns.orderCount, result.lines.dictionary.length]).toEqual([2, 2]);
  });

  it('keeps orders apart whose names end in the same digits', async () => {
    const { result } = await read(exportFile([anOrderRow('A-1001'), anOrderRow('B-1001'), anOrderRow('#1001'), anOrderRow('Spring')]));
    expect([result.columns.orderCount, new Set(result.columns.orderIds).size]).toEqual([4, 4]);
  });
});

describe('orders in several currencies', () => {
  const rows = [anOrderRow('#1', { Currency: 'USD' }), anOrderRow('#2'), anOrderRow('#3'), anOrderRow('#4', { Currency: 'USD', 'Cancelled at': '2026-03-02' })];
  it('reads those of the most common one, the first of two as common', async () => {
    const { result } = await read(exportFile(rows));
    expect([result.columns.currency, result.columns.orderCount, result.inOtherCurrency]).toEqual(['USD', 1, 2]);
    const { result: more } = await read(exportFile([...rows, anOrderRow('#5')]));
    expect([more.columns.currency, more.columns.orderCount, more.inOtherCurrency]).toEqual(['EUR', 3, 1]);
  });

  it('reads those of the one that was asked for', async () => {
    const { result } = await read(exportFile(rows), 'EUR');
    expect([result.columns.currency, result.columns.orderCount, result.inOtherCurrency]).toEqual(['EUR', 2, 1]);
  });
});

describe('a file that is no orders export', () => {
  it.each([
    ['an image', readFileSync(join(PROJECT_DIR, 'public/readme/dashboard.png')), 'The file is a PNG image. An orders export is a CSV file: in the Shopify admin, Orders, Export, Plain CSV file.'],
    ['a web page', '<!doctype html><html></html>', 'The file is a web page or XML.'],
    ['JSON', '{"orders": []}', 'The file is JSON.'],
    ['a workbook', Buffer.from('PK\u0003\u0004...'), 'The file is a ZIP archive or an Excel workbook.'],
    ['zeros', Buffer.alloc(5000), 'The file is no text.'],
    ['nothing', '', 'The file is empty.'],
    ['an image that was gzipped', gzipSync(Buffer.from('\x89PNG\r\n', 'latin1')), 'The file is a PNG image.'],
    ['half of a gzip file', gzipSync(Buffer.from(exportFile(Array.from({ length: 99 }, (_, index) => anOrderRow(`#${index}`))))).subarray(0, 200), 'The gzip file ends too early'],
    ['a gzip file with an error', gzipSync(HEADER).fill(7, 12, 40), 'The gzip file is damaged'],
    ['a customers export', 'First Name,Last Name,Email,Total Spent,Total Orders\nAnn,Lee,a@b.c,1,1\n', 'The file is a customers export, not an orders export. The columns “Name”, “Created at”, “Financial Status”, “Subtotal”, “Currency” are missing.'],
    ['any text', 'Dear reader,\nhow are you?\n', 'The first line is not the header of a Shopify orders export. The columns “Name”'],
    ['an export without a column that it needs', exportFile([anOrderRow('#1')], { columns: EXPORT_HEADER.filter((column) => column !== 'Created at') }), 'The column “Created at” is missing.'],
    ['an export without its currency', exportFile([anOrderRow('#1')], { columns: EXPORT_HEADER.filter((column) => column !== 'Currency') }), 'The column “Currency” is missing. Say it with --currency, for example --currency EUR.'],
    ['a header alone', HEADER, 'The file has a header and no orders.'],
    ['an export of which no line can be read', exportFile([anOrderRow('#1', { 'Created at': 'once' })]), 'No line of the file could be read as an order.'],
  ])('%s is refused in a sentence', async (_, content, sentence) => {
    expect(await refusalOf(content)).toContain(sentence);
  });
});

describe('whatever is in a file', () => {
  const good = Buffer.from(exportFile([anOrderRow('#1'), aLineRow('#1', { 'Lineitem name': 'Cup, "big"' }), anOrderRow('#2', { 'Refunded Amount': '5.00' })]));

  it('an export with any bytes changed, cut or doubled is read or refused in a sentence', async () => {
    const change = fc.record({ at: fc.nat(good.length - 1), length: fc.nat(30), bytes: fc.uint8Array({ maxLength: 20 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), fc.boolean(), async (changes, isGzipped) => {
        const changed = changes.reduce(
          (bytes: Buffer, { at, length, bytes: put }) => Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + length)]),
          good,
        );
        expect(await refusalOf(isGzipped ? gzipSync(changed) : changed)).not.toContain('broke');
      }),
      { numRuns: 400 },
    );
  });

  it('cells of any text below the right header are read or refused in a sentence', async () => {
    const likely = fc.constantFrom('', '#1', '#2', 'EUR', 'KWD', '10.00', '-3', '1e5', '99999999999999999', '2026-03-01 10:00:00 +0000', '275760-09-13', 'paid', 'refunded', '"', '7');
    const row = fc.array(fc.oneof({ weight: 4, arbitrary: likely }, fc.string({ unit: 'binary', maxLength: 8 })), { minLength: EXPORT_HEADER.length, maxLength: EXPORT_HEADER.length });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 5 }), async (rows) => {
        const records = rows.map((cells) => Object.fromEntries(EXPORT_HEADER.map((column, index) => [column, cells[index] ?? ''])));
        expect(await refusalOf(exportFile([anOrderRow('#0'), ...records]))).not.toContain('broke');
      }),
      { numRuns: 400 },
    );
  });
});
