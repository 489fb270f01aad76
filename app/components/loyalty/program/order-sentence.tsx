import { Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { MoneyAmount, Program } from '#app/domain/loyalty/program/program.ts';
import { worthOfPoints } from '#app/domain/loyalty/program/reward-worth.ts';

export interface OrderSentenceProps {
  program: Program;
  value: MoneyAmount;
  points: number;
}

/** What an order earns, and what that is worth where it is worth something. */
export function OrderSentence({ program, value, points }: OrderSentenceProps) {
  const { t } = useTranslation('loyalty');
  const formats = useFormats();
  const { currency } = value;
  const worthMinor = worthOfPoints(program.rewards, points, currency);
  const facts = { order: formats.money(value.amountMinor, currency), count: points, points: formats.count(points) };
  return (
    <Text as="p" variant="headingSm">
      {worthMinor === null ? t('preview.earns', facts) : t('preview.earnsWorth', { ...facts, worth: formats.money(worthMinor, currency) })}
    </Text>
  );
}
