import { Link } from '@remix-run/react';
import { Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { customersLink } from '#app/components/customers-link.ts';
import { FileButton } from '#app/components/files/file-button.tsx';
import { useFormats } from '#app/components/formats.tsx';
import { SectionCard } from '#app/components/section-card.tsx';
import { Under } from '#app/components/tables/number-table.tsx';
import type { TableRow } from '#app/components/tables/number-table.tsx';
import type { Product } from '#app/domain/retention/products/line-columns.ts';
import type { ReplenishmentUrgency } from '#app/domain/retention/products/replenishment-urgency.ts';
import { writeUrgencyChoice } from '#app/domain/segments/urgency-choice.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import { LongTable } from './long-table.tsx';
import { ProductName, useProductTitle } from './product-name.tsx';
import type { ProductPageProps } from './product-page.tsx';

type ReplenishmentCardProps = Pick<ProductPageProps, 'replenishment' | 'asOf' | 'cut'>;

/** How soon customers buy a product again, and who is due. */
export function ReplenishmentCard({ replenishment, asOf, cut }: ReplenishmentCardProps) {
  const { t, i18n } = useTranslation('products');
  const formats = useFormats();
  const titleOf = useProductTitle();
  const { leastGaps: gaps, leastCustomers: customers } = replenishment;
  // Of a part of the customers the rhythm is its own, which no list of customers goes by.
  const numberOf = ({ id }: Product, urgency: ReplenishmentUrgency, count: number) => {
    const number = formats.count(count);
    if (cut !== null || count === 0) return number;
    const link = customersLink({ asOf }, [{ kind: 'choice', field: 'replenishment', anyOf: [writeUrgencyChoice({ urgency, product: String(id) })] }]);
    return <Link to={link}>{number}</Link>;
  };
  const rows = replenishment.rows.map((row): TableRow => {
    const { product, medianDays, p25Days, p75Days, due, late } = row;
    return {
      key: String(product.id),
      name: <ProductName product={product} />,
      cells: [
        <>
          {formats.count(medianDays)}
          <Under>{t('replenishment.range', { from: formats.count(p25Days), to: formats.count(p75Days) })}</Under>
        </>,
        <>
          {t('replenishment.gaps', { count: row.gaps, number: formats.count(row.gaps) })}
          <Under>{t('replenishment.customers', { count: row.customers, number: formats.count(row.customers) })}</Under>
        </>,
        numberOf(product, 'due', due),
        numberOf(product, 'late', late),
        due + late === 0 ? '' : <DueDownload key={String(product.id)} {...{ product, asOf, cut }} />,
      ],
    };
  });
  const emptyText = () => {
    const { nearest } = replenishment;
    if (nearest === null) return joinSentences(i18n.language, [t('replenishment.emptyNeeds', { gaps, customers }), t('replenishment.emptyNone')]);
    const has = {
      gaps: t('replenishment.gaps', { count: nearest.gaps, number: formats.count(nearest.gaps) }),
      customers: t('replenishment.customers', { count: nearest.customers, number: formats.count(nearest.customers) }),
    };
    return joinSentences(i18n.language, [
      t('replenishment.emptyNeeds', { gaps, customers }),
      t('replenishment.emptyNearest', { product: titleOf(nearest.product), ...has }),
      nearest.reachedOn === null ? t('paceFar') : t('replenishment.emptyReached', { date: formats.day(nearest.reachedOn) }),
    ]);
  };
  return (
    <SectionCard title={t('replenishment.title')} text={t('replenishment.text')} notes={[t('replenishment.formula', { gaps, customers })]}>
      {replenishment.count === 0 ? (
        <Text as="p">{emptyText()}</Text>
      ) : (
        <LongTable
          caption={t('replenishment.caption')}
          nameTitle={t('product')}
          columns={[
            { title: t('replenishment.median') },
            { title: t('replenishment.restsOn') },
            { title: t('replenishment.due') },
            { title: t('replenishment.late') },
            { title: t('replenishment.list') },
          ]}
          rows={rows}
          count={replenishment.count}
        />
      )}
    </SectionCard>
  );
}

function DueDownload({ product, asOf, cut }: { product: Product; asOf: string; cut: string | null }) {
  const { t, i18n } = useTranslation('products');
  const title = useProductTitle()(product);
  const query = new URLSearchParams({ product: String(product.id), asOf, locale: i18n.language, ...(cut === null ? {} : { cut }) });
  return (
    <FileButton
      isPlain
      label={t('replenishment.download')}
      accessibilityLabel={t('replenishment.downloadOf', { product: title })}
      address={`/app/export/due-customers.csv?${query}`}
      fileName={`due-customers-${asOf}.csv`}
      failed={t('replenishment.downloadFailed')}
    />
  );
}
