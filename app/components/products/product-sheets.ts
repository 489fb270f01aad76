import type { TFunction } from 'i18next';

import type { Sheet } from '#app/components/retention/retention-sheet.ts';
import { decimalOfMinorUnits } from '#app/domain/money/decimal-of-minor-units.ts';
import type { Product } from '#app/domain/retention/products/line-columns.ts';
import type { ProductReport } from '#app/domain/retention/products/product-report.ts';

/** The lists of the page of products, by the names that addresses have for them. */
export const PRODUCT_LISTS = ['first-products', 'pairs'] as const;

export type ProductList = (typeof PRODUCT_LISTS)[number];

const SHARE_DECIMALS = 4;

interface ReportOfProducts {
  report: ProductReport;
  currency: string;
  /** Of a part of the customers, who are compared among themselves. */
  isPart: boolean;
}

/** A whole list, of which the page shows the first rows. */
export function productSheetOf(list: ProductList, of: ReportOfProducts, t: TFunction<'products'>): Sheet {
  return list === 'pairs' ? pairsSheet(of.report, t) : firstProductsSheet(of, t);
}

function firstProductsSheet({ report, currency, isPart }: ReportOfProducts, t: TFunction<'products'>): Sheet {
  const { withinDays: days, products } = report.firstProducts;
  const money = (minor: number | null) => (minor === null ? null : Number(decimalOfMinorUnits(Math.round(minor), currency)));
  return {
    header: [
      ...[t('sheet.productId'), t('sheet.product'), t('sheet.sku'), t('first.buyers'), t('sheet.matured', { days })],
      ...[t('first.returned', { days }), t('sheet.low'), t('sheet.high'), t(isPart ? 'first.standingInPart' : 'first.standing'), `${t('first.yearRevenue')} (${currency})`],
    ],
    rows: products.map(({ product, customers, matured, repeatRate, interval, standing, yearRevenuePerCustomerMinor }) => [
      ...[...cellsOf(product), customers, matured, shareOf(repeatRate), shareOf(interval.low), shareOf(interval.high)],
      ...[t(`first.standings.${standing}`), money(yearRevenuePerCustomerMinor)],
    ]),
  };
}

function pairsSheet({ boughtTogether }: ProductReport, t: TFunction<'products'>): Sheet {
  const ofEach = (product: string) => [t('sheet.productId'), t('sheet.product'), t('sheet.sku')].map((title) => `${title} ${product}`);
  return {
    header: [...ofEach('A'), ...ofEach('B'), t('together.orders'), t('sheet.support'), t('sheet.aToB'), t('sheet.bToA'), t('together.lift')],
    rows: boughtTogether.map(({ a, b, baskets, support, confidenceAToB, confidenceBToA, lift }) => [
      ...[...cellsOf(a), ...cellsOf(b), baskets],
      ...[support, confidenceAToB, confidenceBToA, lift].map(shareOf),
    ]),
  };
}

/** Ids are texts: beyond 2^53 a number is another one. */
function cellsOf({ id, title, sku }: Product): (string | null)[] {
  return [String(id), title, sku];
}

function shareOf(fraction: number | null): number | null {
  return fraction === null ? null : Math.round(fraction * 10 ** SHARE_DECIMALS) / 10 ** SHARE_DECIMALS;
}
