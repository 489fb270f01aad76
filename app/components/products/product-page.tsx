import { BlockStack, Card, InlineGrid, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { CutFields } from '#app/components/cohorts/cut-fields.tsx';
import { useFormats } from '#app/components/formats.tsx';
import { Inset } from '#app/components/inset.tsx';
import { AsOfField } from '#app/components/retention/as-of-field.tsx';
import { LimitedHistory } from '#app/components/retention/limited-history.tsx';
import { useCountingWords } from '#app/components/retention/use-counting-words.ts';
import type { OfferedCut } from '#app/domain/retention/columns/cut-values.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import type { ProductsAtAGlance } from '#app/domain/retention/products/products-at-a-glance.ts';
import { BoughtTogetherCard } from './bought-together-card.tsx';
import { FirstProductsCard } from './first-products-card.tsx';
import { ReplenishmentCard } from './replenishment-card.tsx';
import type { Support } from './supports.ts';

export interface ProductPageProps extends ProductsAtAGlance {
  asOf: string;
  today: string;
  timeZone: string;
  counting: OrderCounting;
  currency: string;
  /** When orders and lines were read; epoch milliseconds. */
  readAtMs: number;
  historyDays: number | null;
  cuts: readonly OfferedCut[];
  /** As the address carries it. */
  cut: string | null;
  support: Support;
  /** By code, as `countryNamesOf` made them. */
  countryNames: Readonly<Record<string, string>>;
  /** The server's clock. */
  nowMs: number;
  onChange: (changes: Readonly<Record<string, string | null>>) => void;
}

export function ProductPage(props: ProductPageProps) {
  const { asOf, today, timeZone, cut, cuts, countryNames, boughtTogether, readAtMs, nowMs, onChange } = props;
  const { t } = useTranslation('products');
  const formats = useFormats();
  const { leftOut } = useCountingWords(props.counting);
  return (
    <BlockStack gap="500">
      <Inset>
        <BlockStack gap="200">
          <Text as="p" tone="subdued">
            {t('readAgo', { ago: formats.ago(readAtMs, nowMs) })}
          </Text>
          <AsOfField asOf={asOf} today={today} onChange={(day) => onChange({ asOf: day })} />
        </BlockStack>
      </Inset>
      <LimitedHistory historyDays={props.historyDays} />
      <Card>
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
          <CutFields label={t('whose')} {...{ cut, cuts, countryNames }} onChange={(chosen) => onChange({ cut: chosen })} />
        </InlineGrid>
      </Card>
      {boughtTogether.baskets === 0 ? (
        <Card>
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              {t('noLines.title')}
            </Text>
            <Text as="p">{t('noLines.text')}</Text>
          </BlockStack>
        </Card>
      ) : (
        <>
          <FirstProductsCard {...props} />
          <ReplenishmentCard {...props} />
          <BoughtTogetherCard {...props} />
          <Inset>
            <Text as="p" variant="bodySm" tone="subdued">
              {t('basis', { asOf: formats.day(asOf), timeZone, leftOut })}
            </Text>
          </Inset>
        </>
      )}
    </BlockStack>
  );
}
