import { BlockStack, Box, Link, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

export interface Fact {
  term: string;
  value: string;
}

export interface MetricExplanationProps {
  label: string;
  words: string;
  symbols: string;
  /** The formula with this shop's numbers; null where there is nothing to put in. */
  filled: string | null;
  facts: readonly Fact[];
}

/** How one number is counted: formula in words, in symbols and in this shop's numbers, then on what it rests. */
export function MetricExplanation({ label, words, symbols, filled, facts }: MetricExplanationProps) {
  const { t } = useTranslation('metrics');
  return (
    <Box padding="400" maxWidth="340px">
      <BlockStack gap="300">
        <Text as="h3" variant="headingSm">
          {label}
        </Text>
        <Text as="p">{words}</Text>
        <BlockStack gap="050">
          <Text as="p" fontWeight="medium">
            {symbols}
          </Text>
          <Text as="p" numeric tone="subdued">
            {filled ?? t('noneMeaning')}
          </Text>
        </BlockStack>
        <BlockStack gap="150">
          {facts.map(({ term, value }) => (
            <Text as="p" variant="bodySm" key={term}>
              <Text as="span" tone="subdued">
                {term}:{' '}
              </Text>
              {value}
            </Text>
          ))}
        </BlockStack>
        <Link url="/app/settings/counting">{t('counting.change')}</Link>
      </BlockStack>
    </Box>
  );
}
