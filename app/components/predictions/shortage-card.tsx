import { BlockStack, Card, List, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { ExpectedShortage } from '#app/domain/retention/predictions/expected-enough.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';

/** What a model needs that the store does not have yet, and roughly when it will. */
export function ShortageCard({ missing }: { missing: readonly ExpectedShortage[] }) {
  const { t, i18n } = useTranslation('predictions');
  const formats = useFormats();
  const whenOf = ({ what, reachedOn }: ExpectedShortage) => {
    if (reachedOn === null) return t('short.far');
    return t(what === 'historyDays' ? 'short.reachedOn' : 'short.reachedAbout', { date: formats.day(reachedOn) });
  };
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('short.title')}
        </Text>
        <Text as="p">{t('short.text')}</Text>
        <List>
          {missing.map((shortage) => (
            <List.Item key={shortage.what}>
              {joinSentences(i18n.language, [
                t(`short.${shortage.what}`, { has: formats.count(shortage.has), needs: formats.count(shortage.needs) }),
                whenOf(shortage),
              ])}
            </List.Item>
          ))}
        </List>
        <Text as="p">{t('short.until')}</Text>
      </BlockStack>
    </Card>
  );
}
