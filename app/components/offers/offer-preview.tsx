import { Badge, BlockStack, Box, Card, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { OfferRule } from '#app/domain/offers/offer-rule.ts';
import { planValidity } from '#app/domain/offers/plan-discount.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { useRuleWords } from './use-rule-words.ts';
import type { RuleChoices } from './use-rule-words.ts';

const SAMPLE_CODE = 'BACK-SAMPLE42';

interface OfferPreviewProps {
  /** Whether buyers see anything at all. */
  isOn: boolean;
  /** `incomplete` while a field of it is wrong. */
  rule: OfferRule | 'incomplete' | 'none';
  currency: string | null;
  timeZone: string;
  nowMs: number;
  choices: RuleChoices;
}

/** The block of the thank-you page as it would be for an order placed now. */
export function OfferPreview(props: OfferPreviewProps) {
  const { isOn, rule, currency, choices } = props;
  const { t } = useTranslation('offers');
  const words = useRuleWords(currency, choices);
  const isRule = typeof rule !== 'string';
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t('preview.title')}
          </Text>
          <Badge {...(isOn ? { tone: 'success' } : {})}>{t(isOn ? 'status.on' : 'status.off')}</Badge>
        </InlineStack>
        <Text as="p" tone="subdued" breakWord>
          {isRule ? t('preview.rule', { name: words.title(rule) }) : t(`preview.${rule}`)}
        </Text>
        {isRule ? <Block {...props} rule={rule} /> : null}
        <Text as="p" tone="subdued">
          {t(isOn ? 'preview.language' : 'preview.off')}
        </Text>
      </BlockStack>
    </Card>
  );
}

function Block({ rule, currency, timeZone, nowMs }: OfferPreviewProps & { rule: OfferRule }) {
  const { t } = useTranslation('offers');
  const { grant } = rule;
  const sentence = useSentence(currency);
  const terms = useTerms({ currency, timeZone, nowMs });
  return (
    <Box borderColor="border" borderWidth="025" borderRadius="200" padding="400">
      <BlockStack gap="300">
        <Text as="h3" variant="headingSm">
          {t('preview.heading')}
        </Text>
        <Text as="p">{sentence(rule)}</Text>
        {grant.kind === 'store-credit' ? null : (
          <InlineStack gap="300" blockAlign="center">
            <Box background="bg-surface-secondary" borderRadius="200" padding="200">
              <Text as="span" fontWeight="bold">
                {SAMPLE_CODE}
              </Text>
            </Box>
            <Text as="span" tone="subdued">
              {t('preview.copy')}
            </Text>
          </InlineStack>
        )}
        <BlockStack gap="050">
          {terms(rule).map((term) => (
            <Text as="p" tone="subdued" key={term}>
              {term}
            </Text>
          ))}
        </BlockStack>
      </BlockStack>
    </Box>
  );
}

function useSentence(currency: string | null): (rule: OfferRule) => string {
  const { t } = useTranslation('offers');
  const formats = useFormats();
  return ({ grant }) => {
    switch (grant.kind) {
      case 'percent':
        return t('preview.sentence.percent', { percent: String(grant.basisPoints / 100) });
      case 'amount':
      case 'store-credit':
        return t(`preview.sentence.${grant.kind}`, { amount: currency === null ? '' : formats.money(grant.amountMinor, currency) });
      case 'free-shipping':
        return t('preview.sentence.free-shipping');
    }
  };
}

function useTerms({ currency, timeZone, nowMs }: Pick<OfferPreviewProps, 'currency' | 'timeZone' | 'nowMs'>): (rule: OfferRule) => string[] {
  const { t } = useTranslation('offers');
  const formats = useFormats();
  return ({ grant, validity, minimumSubtotalMinor }) => {
    const { endsAtMs } = planValidity(validity, nowMs, timeZone);
    const end = validity.kind === 'days' ? formats.day(formatDay(dayOfInstant(endsAtMs, timeZone))) : formats.instant(endsAtMs, timeZone);
    return [
      t('preview.validUntil', { date: end }),
      ...(minimumSubtotalMinor === 0 || currency === null ? [] : [t('preview.minimum', { amount: formats.money(minimumSubtotalMinor, currency) })]),
      ...(grant.kind === 'store-credit' ? [] : [t('preview.once')]),
    ];
  };
}
