import { BlockStack, Box, Button, Checkbox, ChoiceList, InlineGrid, Layout, Select, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { PreviewInAnyLanguage } from '#app/components/previews/preview-card.tsx';
import { MOST, PROGRAM_LIMITS } from '#app/domain/loyalty/program/program-limits.ts';
import type { Program, Tiers } from '#app/domain/loyalty/program/program.ts';
import type { StoreHabits } from '#app/domain/loyalty/program/suggest-program.ts';
import { readTiersDraft, writeTiersDraft } from '#app/domain/loyalty/program/tiers-draft.ts';
import type { TierDraft, TiersDraft } from '#app/domain/loyalty/program/tiers-draft.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';
import { startOfDay } from '#app/domain/time/day-of-instant.ts';
import { FieldProblemsProvider } from './field-problems.tsx';
import { FormCard } from './form-card.tsx';
import { NumberField } from './program-fields.tsx';
import { ProgramForm } from './program-form.tsx';
import { RefusalBanner } from './refusal-banner.tsx';
import { SimulationCard } from './simulation-card.tsx';
import { TierFields } from './tier-fields.tsx';
import { TierPreview } from './tier-preview.tsx';
import { useProgramForm } from './use-program-form.ts';
import type { ProgramSaving } from './use-program-saving.ts';
import { useSimulation } from './use-simulation.ts';

export interface TiersPageProps {
  program: Program;
  /** Tiers to begin with where there are none. */
  usual: Tiers | null;
  habits: StoreHabits;
  timeZone: string;
  today: string;
  saving: ProgramSaving;
}

const BASES = ['points', 'spend', 'orders'] as const;
const WINDOWS = ['rolling-year', 'calendar-year', 'lifetime'] as const;

/** Levels that members rise to, beside what they take in orders. */
export function TiersPage({ program, usual, habits, timeZone, today, saving }: TiersPageProps) {
  const { currency, aovMinor } = habits;
  const nowMs = startOfDay(parseDay(today) ?? 0, timeZone);
  const write = (read: Program) => writeTiersDraft(read, { shopCurrency: currency, usual });
  const form = useProgramForm<TiersDraft>({
    saved: write(program),
    read: (draft) => readTiersDraft(draft, program, currency),
    write,
    ...{ shopCurrency: currency, saving },
  });
  const basis = BASES.find((known) => known === form.draft.basis) ?? 'points';
  const cards = { draft: form.draft, change: form.change, basis, currency };
  const simulation = useSimulation(form.isSound ? form.program : null);
  return (
    <FieldProblemsProvider problems={form.problems}>
      <ProgramForm form={form} saving={saving} saveBarId="tiers-save-bar">
        <Layout>
          <Layout.Section>
            <BlockStack gap="400">
              <RefusalBanner refusal={form.refusal} problems={form.problems} own={['tiers']} />
              <RulesCard {...cards} isOtherBasis={program.tiers !== null && program.tiers.basis !== basis} />
              {form.draft.hasTiers ? <LevelsCard {...cards} /> : null}
            </BlockStack>
          </Layout.Section>
          <Layout.Section variant="oneThird">
            <BlockStack gap="400">
              <TierPreview program={form.isSound ? form.program : null} currency={currency} aovMinor={aovMinor} nowMs={nowMs} />
              <SimulationCard program={form.isSound ? form.program : null} currency={currency} {...simulation} />
              <PreviewInAnyLanguage
                surfaces={['loyalty-page', 'profile', 'storefront']}
                shop={form.isSound ? { program: form.program, currency, timeZone, nowMs } : 'incomplete'}
              />
            </BlockStack>
          </Layout.Section>
        </Layout>
      </ProgramForm>
    </FieldProblemsProvider>
  );
}

interface TierCardProps {
  draft: TiersDraft;
  change: (change: Partial<TiersDraft>) => void;
  basis: (typeof BASES)[number];
  currency: string;
}

/** What members rise by, over which time, and how long they keep what they no longer reach. */
function RulesCard({ draft, change, basis, isOtherBasis }: TierCardProps & { isOtherBasis: boolean }) {
  const { t } = useTranslation(['loyaltyTiers', 'loyalty']);
  return (
    <FormCard title={t('rules.title')} text={t('rules.text')}>
      <Checkbox label={t('rules.hasTiers')} helpText={t('rules.hasTiersHelp')} checked={draft.hasTiers} onChange={(hasTiers) => change({ hasTiers })} />
      {draft.hasTiers ? (
        <BlockStack gap="400">
          <ChoiceList
            title={t('rules.basis')}
            name="basis"
            choices={BASES.map((one) => ({ value: one, label: t(`bases.${one}`), helpText: t(`bases.${one}Help`) }))}
            selected={[basis]}
            onChange={([chosen = 'points']) => change({ basis: chosen })}
          />
          {isOtherBasis ? (
            <Text as="p" tone="caution">
              {t('rules.otherBasis')}
            </Text>
          ) : null}
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
            <Select
              label={t('rules.window')}
              options={WINDOWS.map((one) => ({ value: one, label: t(`windows.${one}`) }))}
              value={draft.window}
              helpText={t('rules.windowHelp')}
              onChange={(window) => change({ window })}
            />
            <NumberField
              path="tiers.graceDays"
              label={t('rules.graceDays')}
              help={t('rules.graceDaysHelp')}
              value={draft.graceDays}
              limits={PROGRAM_LIMITS.graceDays}
              suffix={t('loyalty:days')}
              onChange={(graceDays) => change({ graceDays })}
            />
          </InlineGrid>
        </BlockStack>
      ) : null}
    </FormCard>
  );
}

function LevelsCard({ draft, change, basis, currency }: TierCardProps) {
  const { t } = useTranslation('loyaltyTiers');
  const { levels } = draft;
  const set = (changed: readonly TierDraft[]) => change({ levels: changed });
  const add = () =>
    set([
      ...levels,
      { id: `tier-${crypto.randomUUID()}`, name: '', threshold: levels.length === 0 ? '0' : '', factor: '1', entryPoints: '', hasFreeShipping: false, tag: '' },
    ]);
  return (
    <FormCard title={t('levels.title')} text={t('levels.text')}>
      <Box>
        {levels.map((tier, index) => (
          <TierFields
            key={tier.id}
            {...{ index, tier, basis }}
            shopCurrency={currency}
            onChange={(changed) => set(levels.map((one, at) => (at === index ? { ...one, ...changed } : one)))}
            onRemove={() => set(levels.filter((_, at) => at !== index))}
          />
        ))}
      </Box>
      {levels.length < MOST.tiers ? (
        <div>
          <Button onClick={add}>{t('levels.add')}</Button>
        </div>
      ) : null}
    </FormCard>
  );
}
