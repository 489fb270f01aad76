import { describe, expect, it } from 'vitest';

import { ProductPage } from '#app/components/products/product-page.tsx';
import type { ProductPageProps } from '#app/components/products/product-page.tsx';
import { offerCuts } from '#app/domain/retention/columns/cut-values.ts';
import type { Support } from '#app/components/products/supports.ts';
import { computeProductsAtAGlance, glanceAtPairs } from '#app/domain/retention/products/products-at-a-glance.ts';
import { selectCut } from '#app/domain/retention/products/select-cut.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { computeCustomerRows } from '#app/domain/retention/metrics/customer-rows.ts';
import { segmentFromQuery } from '#app/domain/segments/segment-query.ts';
import { selectMembers } from '#app/domain/segments/select-members.ts';
import { aPurchase, scopeOf } from '#test/domain/retention/products/purchases.ts';
import type { Purchase } from '#test/domain/retention/products/purchases.ts';
import { linksIn, textOf } from '../markup-of.tsx';

const DAY_MS = 86_400_000;
const AS_OF = '2026-11-21';
const AS_OF_MS = Date.parse(`${AS_OF}T10:00:00Z`);

function daysAgo(days: number): string {
  return new Date(AS_OF_MS - days * DAY_MS).toISOString();
}

/** So many customers begin with the product 500 days ago; the first of them, so many as return, buy it each 40 days. */
function beginners(of: string, { customers, returning, times = 2, from = 0 }: { customers: number; returning: number; times?: number; from?: number }): Purchase[] {
  return Array.from({ length: customers }, (_, index) => index).flatMap((index) =>
    Array.from({ length: index < returning ? times : 1 }, (_, time) =>
      aPurchase({ customerKey: from + index, at: daysAgo(500 - 40 * time), of: time === 0 ? [of, 'tea, "green"'] : [of], valueMinor: 25_00 }),
    ),
  );
}

function propsOf(purchases: Purchase[], props: Partial<ProductPageProps> = {}): ProductPageProps {
  const scope = scopeOf(purchases, AS_OF);
  const { timeZone, currency, counting } = scope.columns;
  return {
    ...computeProductsAtAGlance(scope, 0.01),
    ...{ asOf: AS_OF, today: AS_OF, timeZone, currency, counting, cuts: offerCuts(scope.columns), cut: null, support: '0.01', countryNames: {} },
    readAtMs: AS_OF_MS - 180_000,
    historyDays: null,
    nowMs: AS_OF_MS,
    onChange: () => {},
    ...props,
  };
}

const SHOP = [...beginners('soap', { customers: 60, returning: 50, times: 3 }), ...beginners('mug', { customers: 60, returning: 4, from: 1000 })];

describe('the page of products', () => {
  it('says where Shopify lets it read the orders of some days only', () => {
    const title = 'the last 60 days of orders only';
    const shown = [null, 60].map((historyDays) => textOf(<ProductPage {...propsOf(SHOP, { historyDays })} />));
    expect(shown.map((text) => text.includes(title))).toEqual([false, true]);
  });

  it('says of first products who came back, how sure that is, and how it stands against all customers', () => {
    const text = textOf(<ProductPage {...propsOf(SHOP)} />);
    expect(text).toContain('Of all your customers, 45.0% ordered again within 90 days');
    expect(text).toContain('All customers 120 45.0% €46.67 of 120 customers');
    expect(text).toMatch(/The soap SKU soap 60 83\.3% 72\.0% to 90\.7% Above €66\.67 of 60 customers/);
    expect(text).toMatch(/The mug SKU mug 60 6\.7% 2\.6% to 15\.9% Below €26\.67 of 60 customers/);
    expect(text).toMatch(/The tea, "green" |The tea, &quot;green&quot; /);
  });

  it('says nothing of all customers where it is of a part of them', () => {
    const text = textOf(<ProductPage {...propsOf(SHOP, { cut: 'tier:silver' })} />);
    expect(text).toContain('Of this part of your customers, 45.0% ordered again within 90 days');
    expect(text).toContain('All of this part 120 45.0%');
    expect(text).toContain('Against all of this part');
    expect(text).not.toMatch(/all your customers|against all customers|All customers 120/i);
  });

  it('leads from a first product to its customers, whatever its key is, in the same cut', () => {
    const links = linksIn(<ProductPage {...propsOf(SHOP, { cut: 'country:GB' })} />).map((address) => new URL(address, 'https://app.example'));
    const queries = links.map(({ searchParams }) => Object.fromEntries(searchParams));
    expect(queries).toContainEqual({ asOf: AS_OF, firstProduct: 'soap', country: 'GB' });
    expect(queries).toContainEqual({ asOf: AS_OF, firstProduct: 'tea%2C "green"', country: 'GB' });
  });

  it('leads under the cut of a product to who began with both, and to who began with that one once', () => {
    const links = linksIn(<ProductPage {...propsOf(SHOP, { cut: 'firstProduct:soap' })} />).map((address) => new URL(address, 'https://app.example'));
    const asked = links.map(({ searchParams }) => searchParams.getAll('firstProduct')).filter(({ length }) => length > 0);
    expect(asked).toEqual([['soap'], ['tea%2C "green"', 'soap'], ['mug', 'soap']]);
  });

  it('has under that cut as many customers as are listed where it leads', () => {
    const begin = (count: number, from: number, of: string[]) => Array.from({ length: count }, (_, index) => aPurchase({ customerKey: from + index, at: daysAgo(200), of }));
    const scope = scopeOf([...begin(40, 0, ['soap', 'mug']), ...begin(35, 1000, ['soap']), ...begin(33, 2000, ['mug'])], AS_OF);
    const { columns, lines, asOf } = scope;
    const found = computeProductsAtAGlance({ ...scope, selection: selectCut(scope, { dimension: 'firstProduct', value: 'soap' }) }, 0.01);
    const links = linksIn(<ProductPage {...propsOf([], { ...found, cut: 'firstProduct:soap' })} />).filter((address) => address.includes('firstProduct='));
    const rows = computeCustomerRows(columns, everyone(columns), asOf);
    const listed = links.map((address) => {
      const { segment } = segmentFromQuery(new URL(address, 'https://app.example').searchParams);
      return selectMembers({ columns, lines, rows, asOf, predictions: null, urgencies: null, tiers: null }, segment).count;
    });
    expect(found.firstProducts.products.rows.map(({ product, customers }) => [product.id, customers])).toEqual([['mug', 40], ['soap', 75]]);
    expect(listed).toEqual([40, 75]);
  });

  it('says when a product is bought again, on what that rests, and who is due and late', () => {
    const text = textOf(<ProductPage {...propsOf(SHOP)} />);
    expect(text).toContain('The soap SKU soap 40 half of them 40 to 40 100 repeat purchases of 50 customers 0 60 CSV');
    expect(text).not.toMatch(/The mug SKU mug \d+ half/);
  });

  it('leads from who is late for a product to them, and of a part of the customers nowhere: its rhythm is another', () => {
    const late = `/app/customers?${new URLSearchParams({ asOf: AS_OF, replenishment: 'late:soap' })}`;
    const links = [null, 'country:GB'].map((cut) => linksIn(<ProductPage {...propsOf(SHOP, { cut })} />));
    expect(links.map((addresses) => addresses.filter((address) => address.includes('replenishment')))).toEqual([[late], []]);
  });

  it('says which products go together, both ways', () => {
    const text = textOf(<ProductPage {...propsOf(SHOP)} />);
    expect(text).toContain('The mug and The tea, &quot;green&quot; 60 26.8% of orders 93.8% 50.0% 1.75');
    expect(text).toContain('Of 224 orders with a product');
  });

  it('says how old the reading is, and on what all of it rests', () => {
    const text = textOf(<ProductPage {...propsOf(SHOP)} />);
    expect(text).toContain('read 3 minutes ago.');
    expect(text).toContain('Orders up to Nov 21, 2026, time zone UTC.');
  });

  it('says what is missing where there is too little', () => {
    const text = textOf(<ProductPage {...propsOf(beginners('soap', { customers: 4, returning: 1 }))} />);
    expect(text).toContain('A product is listed once 30 customers who began with it have had 90 days to come back. Of all 4 customers here, 4 have had that long.');
    expect(text).toContain('A product is listed once 20 customers have bought it on two days or more, with 30 repeat purchases between them. Nearest to it is The soap, with 1 repeat purchase of 1 customer.');
    expect(text).toContain(
      'No two products are together in 5 orders or more. Below that a pair says nothing. Nearest to it are The soap and The tea, &quot;green&quot;, together in 4 orders. At the pace of the last three months that is more than two years away.',
    );
  });

  it('says until when no two products are listed together, and that no order has two', () => {
    const both = [20, 10].map((days) => aPurchase({ at: daysAgo(days), of: ['soap', 'mug'] }));
    const text = textOf(<ProductPage {...propsOf(both)} />);
    // Three more at two in three months.
    expect(text).toContain('Nearest to it are The mug and The soap, together in 2 orders. At the pace of the last three months they will be listed about Apr 5, 2027.');
    expect(textOf(<ProductPage {...propsOf(both)} />, 'zh-CN')).toContain('目前最接近的是The mug与The soap，同在 2 笔订单中。按最近三个月的速度，约在 2027年4月5日 列出。');
    const alone = textOf(<ProductPage {...propsOf([aPurchase({ at: daysAgo(20), of: ['soap'] })])} />);
    expect(alone).toContain('Below that a pair says nothing. None of these orders has two products in it yet.');
  });

  it('leads to a smaller share only where there is one and it would help', () => {
    // 600 orders: one in a hundred is six, and one in a thousand the least of five.
    const shop = [...Array.from({ length: 4 }, () => aPurchase({ at: daysAgo(20), of: ['soap', 'mug'] })), ...Array.from({ length: 596 }, () => aPurchase({ at: daysAgo(30), of: ['soap'] }))];
    const wordsWith = (support: Support, minSupport = Number(support)) => {
      const boughtTogether = glanceAtPairs(scopeOf(shop, AS_OF), minSupport);
      return textOf(<ProductPage {...propsOf(shop, { boughtTogether, support })} />);
    };
    expect(wordsWith('0.01')).toContain('No two products are together in 6 orders or more, which is what “at least 1.0%” means among 600 orders. Choose a smaller share.');
    expect(wordsWith('0.001')).not.toContain('smaller share');
    expect(wordsWith('0.001')).toContain('Nearest to it are The mug and The soap, together in 4 orders.');
    expect(wordsWith('0.001', 0.01)).toContain('There is no smaller share');
  });

  it('says until when no first product is listed, where enough customers have begun', () => {
    const begun = Array.from({ length: 30 }, (_, customerKey) => aPurchase({ customerKey, at: daysAgo(40), of: ['soap'] }));
    expect(textOf(<ProductPage {...propsOf(begun)} />)).toContain('The first product will be listed by Jan 11, 2027.');
    // One more of 29 who began in three months comes within 4 days, and has 90 days and the rest of one to come back.
    const atPace = textOf(<ProductPage {...propsOf(begun.slice(1))} />);
    expect(atPace).toContain('At the pace of the last three months the first product will be listed about Feb 24, 2027.');
    expect(atPace).not.toContain('will be listed by');
  });

  it('says until when no product has a rhythm, at the pace of what it lacks most, or that it is years away', () => {
    const again = Array.from({ length: 15 }, (_, customerKey) => [60, 40, 20].map((days) => aPurchase({ customerKey, at: daysAgo(days), of: ['soap'] }))).flat();
    const text = textOf(<ProductPage {...propsOf(again)} />);
    expect(text).toContain('Nearest to it is The soap, with 30 repeat purchases of 15 customers. At the pace of the last three months it will be listed about Dec 21, 2026.');
    const longAgo = textOf(<ProductPage {...propsOf(beginners('soap', { customers: 4, returning: 1 }))} />);
    expect(longAgo).toContain('with 1 repeat purchase of 1 customer. At the pace of the last three months that is more than two years away.');
    expect(longAgo).toContain('4 have had that long. At the pace of the last three months that is more than two years away.');
  });

  it('says that there are no products instead of three empty tables', () => {
    const text = textOf(<ProductPage {...propsOf([aPurchase({ at: daysAgo(3), of: [] })])} />);
    expect(text).toContain('No products in these orders');
    expect(text).not.toContain('Bought together');
  });

  it('is in Chinese for a merchant who reads Chinese', () => {
    const text = textOf(<ProductPage {...propsOf(SHOP)} />, 'zh-CN');
    expect(text).toContain('The soap 货号 soap 60 83.3% 72.0% 至 90.7% 更高');
    expect(text).toContain('半数在 40 至 40 之间');
  });
});
