import { Badge, BlockStack, Card, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { rewardLadder } from '#app/domain/loyalty/program/reward-ladder.ts';
import type { LadderStep, RewardWarning } from '#app/domain/loyalty/program/reward-ladder.ts';
import styles from './form-row.module.css';
import { useRewardWords } from './use-reward-words.ts';

export interface LadderCardProps {
  /** Null while a field is wrong. */
  program: Program | null;
  currency: string;
  aovMinor: number | null;
  nowMs: number;
}

/** The rewards as members climb them: points, money, how far that is, and what to beware of. */
export function LadderCard({ program, currency, aovMinor, nowMs }: LadderCardProps) {
  const { t } = useTranslation('loyaltyRewards');
  const steps = program === null ? [] : rewardLadder(program, { currency, aovMinor, nowMs });
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('ladder.title')}
        </Text>
        {program === null || steps.length === 0 ? (
          <Text as="p" tone="subdued">
            {t(program === null ? 'ladder.incomplete' : 'ladder.none')}
          </Text>
        ) : (
          <div>
            {steps.map((step) => (
              <Step key={step.index} step={step} program={program} currency={currency} />
            ))}
          </div>
        )}
        <Text as="p" variant="bodySm" tone="subdued">
          {t(aovMinor === null ? 'ladder.noteNoOrders' : 'ladder.note')}
        </Text>
      </BlockStack>
    </Card>
  );
}

function Step({ step, program, currency }: { step: LadderStep; program: Program; currency: string }) {
  const { t } = useTranslation('loyaltyRewards');
  const formats = useFormats();
  const rewardWords = useRewardWords(currency);
  const warningWords = useWarningWords(program, currency);
  const reward = program.rewards[step.index];
  if (reward === undefined) return null;
  const money = step.amountMinor === null ? null : formats.money(step.amountMinor, currency);
  return (
    <div className={styles['item']}>
      <BlockStack gap="100">
        <InlineStack gap="200" blockAlign="center">
          <Text as="span" fontWeight="semibold">
            {t('ladder.points', { count: step.points, points: formats.count(step.points) })}
          </Text>
          {step.ordersAway === null ? null : <Badge>{t('ladder.orders', { count: step.ordersAway, orders: formats.count(step.ordersAway) })}</Badge>}
        </InlineStack>
        <Text as="p" breakWord>
          {rewardWords(reward)}
        </Text>
        {money === null || (reward.name === '' && reward.gives.kind !== 'any-amount') ? null : (
          <Text as="p" tone="subdued">
            {reward.gives.kind === 'any-amount' ? t('ladder.from', { money }) : money}
          </Text>
        )}
        {step.warnings.map((warning) => (
          <Text as="p" tone="caution" key={warning.kind}>
            {warningWords(warning)}
          </Text>
        ))}
      </BlockStack>
    </div>
  );
}

function useWarningWords({ rewards }: Program, currency: string): (warning: RewardWarning) => string {
  const { t } = useTranslation('loyaltyRewards');
  const formats = useFormats();
  const rewardWords = useRewardWords(currency);
  return (warning) => {
    switch (warning.kind) {
      case 'worth-less': {
        const other = rewards[warning.thanIndex];
        return t('warnings.worth-less', { other: other === undefined ? '' : rewardWords(other) });
      }
      case 'far-away':
        return t('warnings.far-away', { orders: formats.count(warning.orders) });
      case 'minimum-far':
        return t('warnings.minimum-far', { times: formats.count(warning.times) });
      case 'more-than-minimum':
        return t('warnings.more-than-minimum');
    }
  };
}
