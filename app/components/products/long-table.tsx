import { BlockStack, Button, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { NumberTable } from '#app/components/tables/number-table.tsx';
import type { NumberTableProps } from '#app/components/tables/number-table.tsx';

const ROWS_AT_FIRST = 10;

/** The first rows of a long list, more when asked for; `count` is how long the list is that the rows begin. */
export function LongTable({ count, rows, pinned = [], ...table }: NumberTableProps & { count: number; pinned?: NumberTableProps['rows'] }) {
  const { t } = useTranslation('products');
  const formats = useFormats();
  const [isWhole, setIsWhole] = useState(false);
  // By their places: other numbers change what rows say, and move none.
  const shown = [...pinned, ...(isWhole ? rows : rows.slice(0, ROWS_AT_FIRST))];
  return (
    <BlockStack gap="300">
      <NumberTable {...table} rows={shown.map((row, place) => ({ ...row, key: place }))} />
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
