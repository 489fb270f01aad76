import { BlockStack, Button, Card, InlineGrid, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { CutFields } from '#app/components/cohorts/cut-fields.tsx';
import { useFormats } from '#app/components/formats.tsx';
import { Inset } from '#app/components/inset.tsx';
import { AsOfField } from '#app/components/retention/as-of-field.tsx';
import { NumberTable } from '#app/components/tables/number-table.tsx';
import type { NumberTableProps } from '#app/components/tables/number-table.tsx';
import type { OfferedCut } from '#app/domain/retention/columns/cut-values.ts';
import type { ProductsAtAGlance } from '#app/domain/retention/products/products-at-a-glance.ts';
import { BoughtTogetherCard } from './bought-together-card.tsx';
import { FirstProductsCard } from './first-products-card.tsx';
import { ReplenishmentCard } from './replenishment-card.tsx';
import type { Support } from './supports.ts';

export interface ProductPageProps extends ProductsAtAGlance {
  asOf: string;
  today: string;
  timeZone: string;
  currency: string;
  /** When orders and lines were read; epoch milliseconds. */
  readAtMs: number;
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
              {t('basis', { asOf: formats.day(asOf), timeZone })}
            </Text>
          </Inset>
        </>
      )}
    </BlockStack>
  );
}

export interface SectionProps {
  title: string;
  text: string;
  /** Beside the title; below it where there is no room. */
  control?: ReactNode;
  /** How it is counted, and what to beware of. */
  notes: readonly string[];
  children: ReactNode;
}

export function Section({ title, text, control, notes, children }: SectionProps) {
  return (
    <Card>
      <BlockStack gap="400">
        <InlineGrid columns={{ xs: 1, md: control === undefined ? 1 : '1fr auto' }} gap="300">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              {title}
            </Text>
            <Text as="p" tone="subdued">
              {text}
            </Text>
          </BlockStack>
          {control}
        </InlineGrid>
        {children}
        <BlockStack gap="200">
          {notes.map((note) => (
            <Text as="p" variant="bodySm" tone="subdued" key={note}>
              {note}
            </Text>
          ))}
        </BlockStack>
      </BlockStack>
    </Card>
  );
}

const ROWS_AT_FIRST = 10;

/** The first rows of a long list, more when asked for; `count` is how long the list is that the rows begin. */
export function LongTable({ count, rows, pinned = [], ...table }: NumberTableProps & { count: number; pinned?: NumberTableProps['rows'] }) {
  const { t } = useTranslation('products');
  const formats = useFormats();
  const [isWhole, setIsWhole] = useState(false);
  return (
    <BlockStack gap="300">
      <NumberTable {...table} rows={[...pinned, ...(isWhole ? rows : rows.slice(0, ROWS_AT_FIRST))]} />
      {rows.length > ROWS_AT_FIRST ? (
        <InlineStack gap="300" blockAlign="center">
          <Button onClick={() => setIsWhole(!isWhole)}>{t(isWhole ? 'showFewer' : 'showAll', { count: isWhole ? ROWS_AT_FIRST : rows.length })}</Button>
          {isWhole && count > rows.length ? (
            <Text as="p" tone="subdued">
              {t('firstOf', { shown: formats.count(rows.length), count: formats.count(count) })}
            </Text>
          ) : null}
        </InlineStack>
      ) : null}
    </BlockStack>
  );
}
