import { BlockStack, Box, Card, InlineGrid, SkeletonBodyText, SkeletonDisplayText, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { Inset } from '#app/components/inset.tsx';

/** Heights of the cards that come in their place. */
const CARD_HEIGHTS = ['470px', '250px', '480px', '720px', '330px'] as const;

/** While the model is fitted: the page in outline, as high as it will be. */
export function PredictionsSkeleton() {
  const { t } = useTranslation('predictions');
  return (
    <BlockStack gap="500">
      <Inset>
        <Text as="p" tone="subdued">
          <span role="status">{t('loading')}</span>
        </Text>
        <Box minHeight="44px" />
      </Inset>
      {CARD_HEIGHTS.map((height) => (
        <Card key={height}>
          <Box minHeight={height}>
            <BlockStack gap="400">
              <SkeletonDisplayText size="small" maxWidth="24ch" />
              <SkeletonBodyText lines={2} />
              <InlineGrid columns={3} gap="400">
                <SkeletonBodyText lines={3} />
                <SkeletonBodyText lines={3} />
                <SkeletonBodyText lines={3} />
              </InlineGrid>
            </BlockStack>
          </Box>
        </Card>
      ))}
    </BlockStack>
  );
}
