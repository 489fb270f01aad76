import { Select, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { SectionCard } from '#app/components/section-card.tsx';
import { Under } from '#app/components/tables/number-table.tsx';
import type { TableRow } from '#app/components/tables/number-table.tsx';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
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
  const { pairs } = boughtTogether;
  const numbers = useNumbers(boughtTogether);
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
        <NoPairs {...{ boughtTogether, support }} />
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

/** Of how many orders it is, and in how many a pair has to be. */
function useNumbers({ baskets, minimumBaskets, minSupport }: ProductPageProps['boughtTogether']) {
  const formats = useFormats();
  return { baskets: formats.count(baskets), minimum: formats.count(minimumBaskets), share: formats.percent(minSupport) };
}

/** Why there is no pair: the share that was chosen, or too few orders, and then until when. */
function NoPairs({ boughtTogether, support }: Pick<BoughtTogetherCardProps, 'boughtTogether' | 'support'>) {
  const { t, i18n } = useTranslation('products');
  const formats = useFormats();
  const titleOf = useProductTitle();
  const numbers = useNumbers(boughtTogether);
  const { hasTooFew, nearest } = boughtTogether;
  const untilWhen = () => {
    if (nearest === null) return [t('together.emptyNone')];
    const both = { a: titleOf(nearest.a), b: titleOf(nearest.b), count: nearest.baskets, number: formats.count(nearest.baskets) };
    const pace = nearest.reachedOn === null ? t('paceFar') : t('together.emptyReached', { date: formats.day(nearest.reachedOn) });
    return [t('together.emptyNearest', both), pace];
  };
  const byShare = () => t(support === SUPPORTS.at(-1) ? 'together.emptySmallest' : 'together.empty', numbers);
  return <Text as="p">{hasTooFew ? joinSentences(i18n.language, [t('together.emptyLeast', numbers), ...untilWhen()]) : byShare()}</Text>;
}
