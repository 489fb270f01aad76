import { BlockStack, Box, Card, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { OwnPreviewInAnyLanguage } from '#app/components/previews/preview-card.tsx';
import { ThankYouPreview } from '#app/components/previews/thank-you-preview.tsx';
import type { OfferRule } from '#app/domain/offers/offer-rule.ts';
import styles from './offer-preview.module.css';
import { sayRule } from './say-rule.ts';
import { useRuleWords } from './use-rule-words.ts';
import type { RuleChoices } from './use-rule-words.ts';

interface OfferPreviewProps {
  /** Whether buyers see anything at all. */
  isOn: boolean;
  /** `incomplete` while a field of it is wrong. */
  rule: OfferRule | 'incomplete' | 'none';
  /** Null until the first sync has read the shop. */
  currency: string | null;
  timeZone: string;
  nowMs: number;
  choices: RuleChoices;
}

/** The card of the thank-you page as it would be for an order placed now, in sight while the rule is edited. */
export function OfferPreview({ isOn, rule, currency, timeZone, nowMs, choices }: OfferPreviewProps) {
  const { t } = useTranslation(['offers', 'texts']);
  const words = useRuleWords(currency, choices);
  const isRule = typeof rule !== 'string';
  return (
    <div className={styles['inSight']}>
      <BlockStack gap="400">
        {isRule ? (
          <OwnPreviewInAnyLanguage surface="thank-you" timeZone={timeZone}>
            {(wording) => <ThankYouPreview offer={sayRule(rule, { wording, currency, timeZone, nowMs })} thanks={null} wording={wording} />}
          </OwnPreviewInAnyLanguage>
        ) : (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                {t('texts:preview.title')}
              </Text>
              <Text as="p" tone="subdued">
                {t(rule === 'none' ? 'preview.none' : 'texts:preview.incomplete')}
              </Text>
            </BlockStack>
          </Card>
        )}
        <Box paddingInline={{ xs: '400', sm: '0' }}>
          <Text as="p" tone="subdued" breakWord>
            {isRule ? `${t('preview.rule', { name: words.title(rule) })} ` : ''}
            {isOn ? '' : t('preview.off')}
          </Text>
        </Box>
      </BlockStack>
    </div>
  );
}
