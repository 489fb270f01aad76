import { Badge, BlockStack, Card, InlineStack, List, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { previewOrder } from '#app/domain/loyalty/program/preview-order.ts';
import type { Program, TierLevel } from '#app/domain/loyalty/program/program.ts';
import { ordersToTier } from '#app/domain/loyalty/program/tiers-draft.ts';
import styles from './form-row.module.css';

export interface TierPreviewProps {
  /** Null while a field is wrong. */
  program: Program | null;
  currency: string;
  aovMinor: number | null;
  nowMs: number;
}

const MANY_ORDERS = 50;

/** What each tier takes, in orders, and what it gives. */
export function TierPreview({ program, currency, aovMinor, nowMs }: TierPreviewProps) {
  const { t } = useTranslation('loyaltyTiers');
  const levels = program?.tiers?.levels ?? [];
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('preview.title')}
        </Text>
        {program === null || levels.length === 0 ? (
          <Text as="p" tone="subdued">
            {t(program === null ? 'preview.incomplete' : 'preview.none')}
          </Text>
        ) : (
          <div>
            {levels.map((level) => (
              <Level key={level.id} {...{ program, level, currency, nowMs }} aovMinor={aovMinor} />
            ))}
          </div>
        )}
        {aovMinor === null ? null : (
          <Text as="p" variant="bodySm" tone="subdued">
            {t('preview.note')}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

function Level({ program, level, currency, aovMinor, nowMs }: TierPreviewProps & { program: Program; level: TierLevel }) {
  const { t } = useTranslation('loyaltyTiers');
  const formats = useFormats();
  const value = { currency, amountMinor: Math.round(aovMinor ?? 0) };
  const points = (tier: TierLevel | null) => (aovMinor === null ? 0 : previewOrder(program, { value, tier, nowMs }).targetPoints);
  const orders = program.tiers === null ? null : ordersToTier(program.tiers, level.threshold, { valueMinor: value.amountMinor, points: points(null) });
  const { basis = 'points' } = program.tiers ?? {};
  const threshold = basis === 'spend' ? formats.money(level.threshold, currency) : t(`thresholds.${basis}`, { count: level.threshold, number: formats.count(level.threshold) });
  const isFirst = level.threshold === 0;
  return (
    <div className={styles['item']}>
      <BlockStack gap="100">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h3" variant="headingSm" breakWord>
            {level.name}
          </Text>
          {isFirst || orders === null ? null : <Badge>{t('preview.orders', { count: orders, orders: formats.count(orders) })}</Badge>}
        </InlineStack>
        <Text as="p" tone="subdued">
          {isFirst ? t('everybody') : t('preview.from', { threshold })}
        </Text>
        <List>
          {aovMinor === null ? null : <List.Item>{t('preview.earns', { order: formats.money(value.amountMinor, currency), points: formats.count(points(level)), count: points(level) })}</List.Item>}
          {level.entryPoints === null ? null : <List.Item>{t('preview.entry', { points: formats.count(level.entryPoints), count: level.entryPoints })}</List.Item>}
          {level.hasFreeShipping ? <List.Item>{t('freeShipping')}</List.Item> : null}
          {level.tag === null ? null : <List.Item>{t('preview.tag', { tag: level.tag })}</List.Item>}
        </List>
        {!isFirst && orders === 1 ? (
          <Text as="p" tone="caution">
            {t('warnings.firstOrder')}
          </Text>
        ) : null}
        {orders !== null && orders > MANY_ORDERS ? (
          <Text as="p" tone="caution">
            {t('warnings.far', { orders: formats.count(orders) })}
          </Text>
        ) : null}
      </BlockStack>
    </div>
  );
}
