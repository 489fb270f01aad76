import { Select, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { SectionCard } from '#app/components/section-card.tsx';
import { Under } from '#app/components/tables/number-table.tsx';
import type { TableRow } from '#app/components/tables/number-table.tsx';
import { ListDownload } from './list-download.tsx';
import { LongTable } from './long-table.tsx';
import { ProductName, useProductTitle } from './product-name.tsx';
import type { ProductPageProps } from './product-page.tsx';
import { SUPPORTS } from './supports.ts';

type BoughtTogetherCardProps = Pick<ProductPageProps, 'boughtTogether' | 'support' | 'asOf' | 'cut' | 'onChange'>;

/** Pairs of products that are in one order more often than chance would have it. */
export function BoughtTogetherCard({ boughtTogether, support, asOf, cut, onChange }: BoughtTogetherCardProps) {
  const { t } = useTranslation('products');
  const formats = useFormats();
  const titleOf = useProductTitle();
  const { pairs, minimumBaskets, minSupport } = boughtTogether;
  const numbers = { baskets: formats.count(boughtTogether.baskets), minimum: formats.count(minimumBaskets), share: formats.percent(minSupport) };
  const rows = pairs.rows.map((pair): TableRow => {
    const { a, b, baskets, confidenceAToB, confidenceBToA, lift } = pair;
    return {
      key: `${a.id} ${b.id}`,
      name: (
        <>
          {titleOf(a)}
          <Under>{t('together.and')}</Under>
          <ProductName product={{ ...b, sku: null }} />
        </>
      ),
      cells: [
        <>
          {formats.count(baskets)}
          <Under>{t('together.shareOfOrders', { share: formats.percent(pair.support) })}</Under>
        </>,
        formats.percent(confidenceAToB),
        formats.percent(confidenceBToA),
        formats.ratio(lift),
      ],
    };
  });
  // Where the floor of five orders is what counts, no smaller share helps.
  const emptyText = minimumBaskets > minSupport * boughtTogether.baskets + 1 ? t('together.emptyLeast', numbers) : t('together.empty', numbers);
  return (
    <SectionCard
      title={t('together.title')}
      text={t('together.text')}
      control={
        <Select
          label={t('together.support')}
          labelInline
          value={support}
          options={SUPPORTS.map((value) => ({ value, label: t('together.supportOf', { share: formats.percent(Number(value)) }) }))}
          onChange={(value) => onChange({ support: value })}
        />
      }
      notes={[t('together.formula', numbers)]}
    >
      {pairs.count === 0 ? (
        <Text as="p">{emptyText}</Text>
      ) : (
        <>
          <LongTable
            caption={t('together.caption')}
            nameTitle={t('together.pair')}
            columns={[
              { title: t('together.orders') },
              { title: t('together.aToB') },
              { title: t('together.bToA') },
              { title: t('together.lift') },
            ]}
            rows={rows}
            count={pairs.count}
          />
          <ListDownload list="pairs" {...{ asOf, cut, support }} />
        </>
      )}
    </SectionCard>
  );
}
