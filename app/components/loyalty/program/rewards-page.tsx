import { BlockStack, Button, Card, Layout, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { Inset } from '#app/components/inset.tsx';
import { PreviewInAnyLanguage } from '#app/components/previews/preview-card.tsx';
import { problemsBelow } from '#app/domain/loyalty/program/field-problems.ts';
import { MOST } from '#app/domain/loyalty/program/program-limits.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { leastPointsOf } from '#app/domain/loyalty/program/reward-worth.ts';
import { emptyReward, readRewardsDraft, writeRewardsDraft } from '#app/domain/loyalty/program/rewards-draft.ts';
import type { RewardDraft, RewardsDraft } from '#app/domain/loyalty/program/rewards-draft.ts';
import type { StoreHabits } from '#app/domain/loyalty/program/suggest-program.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';
import { startOfDay } from '#app/domain/time/day-of-instant.ts';
import { FieldProblemsProvider, useProblemWords } from './field-problems.tsx';
import { LadderCard } from './ladder-card.tsx';
import { ProgramForm } from './program-form.tsx';
import { RefusalBanner } from './refusal-banner.tsx';
import { RewardCard } from './reward-card.tsx';
import { SimulationCard } from './simulation-card.tsx';
import { useProgramForm } from './use-program-form.ts';
import type { ProgramSaving } from './use-program-saving.ts';
import { useRewardWords } from './use-reward-words.ts';
import { useSimulation } from './use-simulation.ts';

export interface RewardsPageProps {
  program: Program;
  habits: StoreHabits;
  timeZone: string;
  today: string;
  saving: ProgramSaving;
}

/** What members spend points on, each in a line of its own, beside the ladder that they make. */
export function RewardsPage({ program, habits, timeZone, today, saving }: RewardsPageProps) {
  const { currency, aovMinor } = habits;
  const nowMs = startOfDay(parseDay(today) ?? 0, timeZone);
  const form = useProgramForm<RewardsDraft>({
    saved: writeRewardsDraft(program, currency),
    read: (draft) => readRewardsDraft(draft, program, currency),
    write: (read) => writeRewardsDraft(read, currency),
    ...{ shopCurrency: currency, saving },
  });
  const simulation = useSimulation(form.isSound ? form.program : null);
  return (
    <FieldProblemsProvider problems={form.problems}>
      <ProgramForm form={form} saving={saving} saveBarId="rewards-save-bar">
        <Layout>
          <Layout.Section>
            <BlockStack gap="400">
              <RefusalBanner refusal={form.refusal} problems={form.problems} own={['rewards']} />
              <RewardList form={form} program={form.program} currency={currency} />
            </BlockStack>
          </Layout.Section>
          <Layout.Section variant="oneThird">
            <BlockStack gap="400">
              <LadderCard program={form.isSound ? form.program : null} currency={currency} aovMinor={aovMinor} nowMs={nowMs} />
              <SimulationCard program={form.isSound ? form.program : null} currency={currency} {...simulation} />
              <PreviewInAnyLanguage
                surfaces={['loyalty-page', 'checkout', 'storefront']}
                shop={form.isSound ? { program: form.program, currency, timeZone, nowMs } : 'incomplete'}
              />
            </BlockStack>
          </Layout.Section>
        </Layout>
      </ProgramForm>
    </FieldProblemsProvider>
  );
}

interface RewardListProps {
  form: ReturnType<typeof useProgramForm<RewardsDraft>>;
  program: Program;
  currency: string;
}

function RewardList({ form, program, currency }: RewardListProps) {
  const { t } = useTranslation('loyaltyRewards');
  const formats = useFormats();
  const problemWords = useProblemWords();
  const rewardWords = useRewardWords(currency);
  const [openIds, setOpenIds] = useState<readonly string[]>([]);
  const { rewards } = form.draft;
  const set = (changed: readonly RewardDraft[]) => form.change({ rewards: changed });
  const hasOtherCurrencies = program.earning.rates.length > 1;
  const add = () => {
    const id = `reward-${crypto.randomUUID()}`;
    set([...rewards, emptyReward(id)]);
    setOpenIds([...openIds, id]);
  };
  const pointsText = (points: number) => t('ladder.points', { count: points, points: formats.count(points) });
  const listProblem = form.problems['rewards'];
  return (
    <BlockStack gap="300">
      {rewards.length === 0 ? <NoRewards /> : null}
      {listProblem === undefined ? null : (
        <Text as="p" tone="critical">
          {problemWords(listProblem)}
        </Text>
      )}
      {rewards.map((reward, index) => {
        const read = program.rewards[index];
        const isReadable = read !== undefined && Object.keys(problemsBelow(form.found, `rewards[${index}]`)).length === 0;
        const points = isReadable ? pointsText(leastPointsOf(read.gives)) : '';
        const name = reward.name.trim();
        return (
          <RewardCard
            key={reward.id}
            {...{ currency, hasOtherCurrencies, index, reward }}
            last={rewards.length - 1}
            title={name !== '' ? name : isReadable ? rewardWords(read) : t('newReward')}
            summary={isReadable ? t('summary', { kind: t(`kinds.${reward.kind}`), points: read.gives.kind === 'any-amount' ? t('ladder.from', { money: points }) : points }) : t(`kinds.${reward.kind}`)}
            isOpen={openIds.includes(reward.id)}
            onToggle={() => setOpenIds(openIds.includes(reward.id) ? openIds.filter((id) => id !== reward.id) : [...openIds, reward.id])}
            onChange={(change) => set(rewards.map((one, at) => (at === index ? { ...one, ...change } : one)))}
            onMove={(by) => set(moved(rewards, index, by))}
            onRemove={() => set(rewards.filter((_, at) => at !== index))}
          />
        );
      })}
      {rewards.length < MOST.rewards ? (
        <Inset>
          <Button onClick={add}>{t('add')}</Button>
        </Inset>
      ) : null}
    </BlockStack>
  );
}

function NoRewards() {
  const { t } = useTranslation('loyaltyRewards');
  return (
    <Card>
      <BlockStack gap="100">
        <Text as="h2" variant="headingSm">
          {t('none.title')}
        </Text>
        <Text as="p" tone="subdued">
          {t('none.text')}
        </Text>
      </BlockStack>
    </Card>
  );
}

function moved(rewards: readonly RewardDraft[], index: number, by: -1 | 1): RewardDraft[] {
  const one = rewards[index];
  const other = rewards[index + by];
  if (one === undefined || other === undefined) return [...rewards];
  return rewards.map((reward, at) => (at === index ? other : at === index + by ? one : reward));
}
