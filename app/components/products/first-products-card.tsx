import { Text } from '@shopify/polaris';
import { Link } from '@remix-run/react';
import { useTranslation } from 'react-i18next';

import { customersLink } from '#app/components/customers-link.ts';
import { useFormats } from '#app/components/formats.tsx';
import { SectionCard } from '#app/components/section-card.tsx';
import { Under } from '#app/components/tables/number-table.tsx';
import type { TableRow } from '#app/components/tables/number-table.tsx';
import type { CustomersBegun } from '#app/domain/retention/products/first-order-tally.ts';
import type { FirstProduct } from '#app/domain/retention/products/first-products.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import { ListDownload } from './list-download.tsx';
import { LongTable } from './long-table.tsx';
import { ProductName } from './product-name.tsx';
import type { ProductPageProps } from './product-page.tsx';

type FirstProductsCardProps = Pick<ProductPageProps, 'firstProducts' | 'currency' | 'asOf' | 'cut' | 'support'>;

/** Which products customers begin with who come back. */
export function FirstProductsCard({ firstProducts, currency, asOf, cut, support }: FirstProductsCardProps) {
  const { t, i18n } = useTranslation('products');
  const formats = useFormats();
  const { withinDays: days, leastMatured: least, everyone, products, productsWithTooFew, listedOn } = firstProducts;
  const linkOf = ({ product: { id } }: FirstProduct) =>
    customersLink({ asOf, cut }, [{ kind: 'choice', field: 'firstProduct', anyOf: [String(id)] }]);
  const cells = useCells(currency);
  const rows = products.rows.map((row): TableRow => {
    const { low, high } = row.interval;
    const interval = t('first.interval', { low: formats.percent(low), high: formats.percent(high) });
    return {
      key: String(row.product.id),
      name: <ProductName product={row.product} />,
      cells: [
        <Link to={linkOf(row)}>{formats.count(row.customers)}</Link>,
        <>
          {cells.rate(row)}
          <Under>{interval}</Under>
        </>,
        t(`first.standings.${row.standing}`),
        cells.revenue(row),
      ],
    };
  });
  // The report of a part knows nobody else, so "all customers" would be untrue of it.
  const isPart = cut !== null;
  const all: TableRow = { key: 'all', name: t(isPart ? 'first.part' : 'first.shop'), cells: [formats.count(everyone.customers), cells.rate(everyone), '', cells.revenue(everyone)] };
  const isEmpty = products.count === 0;
  return (
    <SectionCard
      title={t('first.title')}
      text={everyone.repeatRate === null ? t('first.textUnknown') : t(isPart ? 'first.textOfPart' : 'first.text', { rate: formats.percent(everyone.repeatRate), days })}
      notes={[
        ...(productsWithTooFew === 0 || isEmpty ? [] : [t('first.tooFew', { count: productsWithTooFew, least, days })]),
        ...(isEmpty ? [] : [t('first.caution')]),
        t('first.formula', { days }),
      ]}
    >
      {isEmpty ? (
        <Text as="p">
          {joinSentences(i18n.language, [
            t('first.empty', { least, days, customers: formats.count(everyone.customers), matured: formats.count(everyone.matured) }),
            listedOn === null ? t('paceFar') : t(listedOn.isSure ? 'first.listedOn' : 'first.listedAbout', { date: formats.day(listedOn.date) }),
          ])}
        </Text>
      ) : (
        <>
          <LongTable
            caption={t('first.caption')}
            nameTitle={t('product')}
            columns={[
              { title: t('first.buyers') },
              { title: t('first.returned', { days }) },
              { title: t(isPart ? 'first.standingInPart' : 'first.standing'), isText: true },
              { title: t('first.yearRevenue') },
            ]}
            pinned={[all]}
            rows={rows}
            count={products.count}
          />
          <ListDownload list="first-products" {...{ asOf, cut, support }} />
        </>
      )}
    </SectionCard>
  );
}

function useCells(currency: string) {
  const { t } = useTranslation('products');
  const formats = useFormats();
  return {
    rate: ({ repeatRate }: CustomersBegun) => (repeatRate === null ? t('none') : formats.percent(repeatRate)),
    revenue: ({ yearRevenuePerCustomerMinor: minor, maturedYear }: CustomersBegun) =>
      minor === null ? (
        t('none')
      ) : (
        <>
          {formats.money(minor, currency)}
          <Under>{t('first.ofCustomers', { count: maturedYear, number: formats.count(maturedYear) })}</Under>
        </>
      ),
  };
}
