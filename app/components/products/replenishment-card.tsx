import { Button, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { saveFile } from '#app/components/retention/save-file.ts';
import { SectionCard } from '#app/components/section-card.tsx';
import { Under } from '#app/components/tables/number-table.tsx';
import type { TableRow } from '#app/components/tables/number-table.tsx';
import type { Product } from '#app/domain/retention/products/line-columns.ts';
import { LongTable } from './long-table.tsx';
import { ProductName, useProductTitle } from './product-name.tsx';
import type { ProductPageProps } from './product-page.tsx';

type ReplenishmentCardProps = Pick<ProductPageProps, 'replenishment' | 'asOf' | 'cut'>;

/** How soon customers buy a product again, and who is due. */
export function ReplenishmentCard({ replenishment, asOf, cut }: ReplenishmentCardProps) {
  const { t } = useTranslation('products');
  const formats = useFormats();
  const { leastGaps: gaps, leastCustomers: customers } = replenishment;
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
        formats.count(due),
        formats.count(late),
        due + late === 0 ? '' : <DueDownload key={String(product.id)} {...{ product, asOf, cut }} />,
      ],
    };
  });
  return (
    <SectionCard title={t('replenishment.title')} text={t('replenishment.text')} notes={[t('replenishment.formula', { gaps, customers })]}>
      {replenishment.count === 0 ? (
        <Text as="p">{t('replenishment.empty', { gaps, customers })}</Text>
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
  const [isLoading, setIsLoading] = useState(false);
  const download = async () => {
    setIsLoading(true);
    try {
      const query = new URLSearchParams({ product: String(product.id), asOf, locale: i18n.language, ...(cut === null ? {} : { cut }) });
      await saveFile(`/app/export/due-customers.csv?${query}`, `due-customers-${asOf}.csv`);
    } catch {
      window.shopify.toast.show(t('replenishment.downloadFailed'), { isError: true });
    } finally {
      setIsLoading(false);
    }
  };
  return (
    <Button
      variant="plain"
      onClick={() => void download()}
      loading={isLoading}
      accessibilityLabel={t('replenishment.downloadOf', { product: title })}
    >
      {t('replenishment.download')}
    </Button>
  );
}
