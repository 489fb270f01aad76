import { Banner, BlockStack, Button, Card, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import type { Simulated } from './simulation-answer.ts';
import styles from './simulation-card.module.css';

export interface SimulationCardProps {
  /** Null while a field is wrong. */
  program: Program | null;
  currency: string;
  isTrying: boolean;
  hasFailed: boolean;
  simulated: Simulated | null;
  /** Something was changed since. */
  isStale: boolean;
  onTry: () => void;
}

/** The program as it would have been for the store's own last twelve months. */
export function SimulationCard(props: SimulationCardProps) {
  const { program, isTrying, hasFailed, simulated, isStale, onTry } = props;
  const { t } = useTranslation('loyalty');
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('simulation.title')}
        </Text>
        <Text as="p" tone="subdued">
          {t('simulation.text')}
        </Text>
        <div>
          <Button loading={isTrying} disabled={program === null} onClick={onTry}>
            {t('simulation.try')}
          </Button>
        </div>
        {hasFailed ? (
          <Banner tone="warning">
            <Text as="p">{t('simulation.failed')}</Text>
          </Banner>
        ) : null}
        <div role="status" aria-busy={isTrying} style={{ opacity: isTrying || isStale ? 0.6 : 1 }}>
          {simulated === null || program === null ? null : <Outcome {...props} program={program} simulated={simulated} />}
        </div>
      </BlockStack>
    </Card>
  );
}

function Outcome({ program, currency, simulated, isStale }: SimulationCardProps & { program: Program; simulated: Simulated }) {
  const { t, i18n } = useTranslation('loyalty');
  const formats = useFormats();
  const { members, earningOrders, issuedPoints, worth, membersByOrdersToReward, membersByTier, breakageBasisPoints, from, to } = simulated;
  const reached = membersByOrdersToReward.reduce((sum, count) => sum + count, 0);
  const early = membersByOrdersToReward.slice(0, 3).reduce((sum, count) => sum + count, 0);
  const rows: [string, string][] = [
    [t('simulation.members'), formats.count(members)],
    [t('simulation.orders'), formats.count(earningOrders)],
    [t('simulation.issued'), formats.count(issuedPoints)],
    ...(worth === null ? [] : ([[t('simulation.cost'), formats.money(worth.costMinor, currency)]] satisfies [string, string][])),
    [t('simulation.reached'), formats.count(reached)],
    [t('simulation.reachedEarly'), formats.count(early)],
  ];
  const levels = program.tiers?.levels.map(({ id, name }) => ({ id, name, members: membersByTier[id] ?? 0 })) ?? [];
  const hasCollections = program.earning.multipliers.some(({ scope }) => scope.kind === 'collections');
  const hasTiers = levels.some((level) => level.members > 0);
  if (members === 0) return <Text as="p">{t('simulation.nobody')}</Text>;
  return (
    <BlockStack gap="300">
      {isStale ? <Text as="p">{t('simulation.stale')}</Text> : null}
      <Numbers rows={rows} />
      {hasTiers ? (
        <BlockStack gap="100">
          <Text as="h3" variant="headingSm">
            {t('simulation.tiers')}
          </Text>
          <Numbers rows={levels.map(({ name, members: count }) => [name, formats.count(count)])} />
        </BlockStack>
      ) : null}
      <Text as="p" variant="bodySm" tone="subdued">
        {joinSentences(i18n.language, [
          t('simulation.note', { from: formats.day(from), to: formats.day(to), breakage: formats.wholePercent(breakageBasisPoints / 10_000) }),
          hasCollections ? t('simulation.noCollections') : null,
        ])}
      </Text>
    </BlockStack>
  );
}

function Numbers({ rows }: { rows: readonly (readonly [string, string])[] }) {
  return (
    <dl className={styles['numbers']}>
      {rows.map(([name, value]) => (
        <div key={name} className={styles['row']}>
          <dt>{name}</dt>
          <dd className={styles['value']}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
