import { BlockStack, Box, Text } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { MoneyAmount, Program } from '#app/domain/loyalty/program/program.ts';
import { leastPointsOf, nextReward, worthOfPoints } from '#app/domain/loyalty/program/reward-worth.ts';
import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';
import { useRewardWords } from './use-reward-words.ts';

export interface ShopperBlocksProps {
  program: Program;
  value: MoneyAmount;
  points: number;
  /** `YYYY-MM-DD` in shop time. */
  today: string;
}

/** The order in a sentence, and the two places where a shopper reads of it. */
export function ShopperBlocks({ program, value, points, today }: ShopperBlocksProps) {
  const { t } = useTranslation('loyalty');
  const formats = useFormats();
  const { rewards, earning } = program;
  const { currency } = value;
  const worthMinor = worthOfPoints(rewards, points, currency);
  const facts = { order: formats.money(value.amountMinor, currency), count: points, points: formats.count(points) };
  const next = nextReward(rewards, points);
  const rewardWords = useRewardWords(currency);
  const day = formats.day(formatDay((parseDay(today) ?? 0) + earning.pendingDays));
  return (
    <BlockStack gap="300">
      <Text as="p" variant="headingSm">
        {worthMinor === null ? t('preview.earns', facts) : t('preview.earnsWorth', { ...facts, worth: formats.money(worthMinor, currency) })}
      </Text>
      <Block title={t('preview.thankYou')}>
        <Text as="p" fontWeight="semibold">
          {t('preview.earned', facts)}
        </Text>
        <Text as="p">{earning.pendingDays === 0 ? t('preview.atOnce') : t('preview.from', { day })}</Text>
      </Block>
      <Block title={t('preview.account')}>
        <Text as="p" fontWeight="semibold">
          {t('preview.balance', facts)}
        </Text>
        {worthMinor === null ? null : <Text as="p">{t('preview.worth', { worth: formats.money(worthMinor, currency) })}</Text>}
        {next === null ? null : (
          <Text as="p">{t('preview.next', { count: leastPointsOf(next.gives) - points, points: formats.count(leastPointsOf(next.gives) - points), reward: rewardWords(next) })}</Text>
        )}
      </Block>
    </BlockStack>
  );
}

function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box borderColor="border" borderWidth="025" borderRadius="200" padding="300">
      <BlockStack gap="100">
        <Text as="h3" variant="bodySm" tone="subdued">
          {title}
        </Text>
        {children}
      </BlockStack>
    </Box>
  );
}
