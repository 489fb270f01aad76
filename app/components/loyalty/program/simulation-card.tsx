import { Banner, BlockStack, Button, Card, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { SimulationResult } from '#app/domain/loyalty/accrual/simulate-program.ts';
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
  const { members, breakageBasisPoints, from, to, before } = simulated;
  const hasCollections = program.earning.multipliers.some(({ scope }) => scope.kind === 'collections');
  const rows = useRows(simulated, currency);
  const tiers = useTierRows(program, simulated);
  if (members === 0) return <Text as="p">{t('simulation.nobody')}</Text>;
  return (
    <BlockStack gap="300">
      {isStale ? <Text as="p">{t('simulation.stale')}</Text> : null}
      {before === null ? null : <Text as="p">{t('simulation.compared', { version: before.version })}</Text>}
      <Numbers rows={rows} />
      {tiers.length === 0 ? null : (
        <BlockStack gap="100">
          <Text as="h3" variant="headingSm">
            {t('simulation.tiers')}
          </Text>
          <Numbers rows={tiers} />
        </BlockStack>
      )}
      <Text as="p" variant="bodySm" tone="subdued">
        {joinSentences(i18n.language, [
          t('simulation.note', { from: formats.day(from), to: formats.day(to), breakage: formats.wholePercent(breakageBasisPoints / 10_000) }),
          hasCollections ? t('simulation.noCollections') : null,
        ])}
      </Text>
    </BlockStack>
  );
}

type Row = readonly [name: string, value: string];

/** A figure, and what it is by the program that holds, where that is another. */
function useFromTo() {
  const { t } = useTranslation('loyalty');
  return (after: string, before: string | null) => (before === null || before === after ? after : t('simulation.fromTo', { before, after }));
}

function useRows(simulated: Simulated, currency: string): Row[] {
  const { t } = useTranslation('loyalty');
  const formats = useFormats();
  const fromTo = useFromTo();
  const { before, worth } = simulated;
  const row = (name: string, of: (one: SimulationResult) => number): Row => [name, fromTo(formats.count(of(simulated)), before && formats.count(of(before)))];
  const cost = (one: SimulationResult) => (one.worth === null ? null : formats.money(one.worth.costMinor, currency));
  return [
    row(t('simulation.members'), ({ members }) => members),
    row(t('simulation.orders'), ({ earningOrders }) => earningOrders),
    row(t('simulation.issued'), ({ issuedPoints }) => issuedPoints),
    ...(worth === null ? [] : [[t('simulation.cost'), fromTo(cost(simulated) ?? '', before && cost(before))] as const]),
    row(t('simulation.ordersWithReward'), ({ ordersWithReward }) => ordersWithReward),
    row(t('simulation.reached'), ({ membersByOrdersToReward }) => sumOf(membersByOrdersToReward)),
    row(t('simulation.reachedEarly'), ({ membersByOrdersToReward }) => sumOf(membersByOrdersToReward.slice(0, 3))),
  ];
}

/** None where nobody has a tier, before or after. */
function useTierRows({ tiers }: Program, { membersByTier, before }: Simulated): Row[] {
  const { t } = useTranslation('loyalty');
  const formats = useFormats();
  const fromTo = useFromTo();
  const levels = tiers?.levels ?? [];
  const gone = (before?.levels ?? []).filter(({ id }) => !levels.some((level) => level.id === id));
  const rows = [...levels, ...gone].map(({ id, name }) => ({ name, after: membersByTier[id] ?? 0, earlier: before && (before.membersByTier[id] ?? 0) }));
  if (!rows.some(({ after, earlier }) => after > 0 || (earlier ?? 0) > 0)) return [];
  return rows.map(({ name, after, earlier }, index) => [
    index < levels.length ? name : t('simulation.goneTier', { name }),
    fromTo(formats.count(after), earlier === null ? null : formats.count(earlier)),
  ]);
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function Numbers({ rows }: { rows: readonly Row[] }) {
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
