import { BlockStack, Layout } from '@shopify/polaris';

import type { PastOrders } from '#app/domain/loyalty/accrual/past-awards.ts';
import type { StatusChange } from '#app/domain/loyalty/program/change-status.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { readSetupDraft, writeSetupDraft } from '#app/domain/loyalty/program/setup-draft.ts';
import type { SetupDraft } from '#app/domain/loyalty/program/setup-draft.ts';
import type { StoreHabits, SuggestionReason } from '#app/domain/loyalty/program/suggest-program.ts';
import { EarningCard } from './earning-card.tsx';
import { ExpiryCard } from './expiry-card.tsx';
import { ExtrasCard } from './extras-card.tsx';
import { FieldProblemsProvider } from './field-problems.tsx';
import { HistoryCard } from './history-card.tsx';
import type { VersionLine } from './history-card.tsx';
import { MultipliersCard } from './multipliers-card.tsx';
import { OrderPreview } from './order-preview.tsx';
import type { PastOfShop } from './past-answer.ts';
import { ProgramForm } from './program-form.tsx';
import { RefusalBanner } from './refusal-banner.tsx';
import { SimulationCard } from './simulation-card.tsx';
import { StatusCard } from './status-card.tsx';
import { SuggestionCard } from './suggestion-card.tsx';
import { TracesSwitch } from './traces-card.tsx';
import type { Traces } from './traces-card.tsx';
import { useProgramForm } from './use-program-form.ts';
import type { ProgramSaving } from './use-program-saving.ts';
import { useSimulation } from './use-simulation.ts';

export interface ProgramPageProps {
  version: number;
  program: Program;
  suggestion: SuggestionReason | null;
  habits: StoreHabits;
  timeZone: string;
  today: string;
  history: readonly VersionLine[];
  past: PastOfShop;
  traces: Traces;
  staffId: string;
  staffNames: Readonly<Record<string, string>>;
  saving: ProgramSaving;
}

/** All that is needed to go from nothing to live, in one form. */
export function ProgramPage(props: ProgramPageProps) {
  const { version, program, suggestion, habits, timeZone, saving } = props;
  const { currency, aovMinor } = habits;
  const form = useProgramForm<SetupDraft>({
    saved: writeSetupDraft(program, timeZone),
    read: (draft) => readSetupDraft(draft, program, timeZone),
    write: (read) => writeSetupDraft(read, timeZone),
    ...{ shopCurrency: currency, saving },
  });
  const simulation = useSimulation(form.isSound ? form.program : null);
  // What is shown goes live: a suggestion that nobody saved, and what was typed and not saved.
  const sent = version === 0 || form.isDirty ? form.program : null;
  const change = (to: StatusChange, counted: PastOrders | null) => {
    if (to.to !== 'live') saving.save(null, to);
    else if (form.isRight()) saving.save(sent, to, counted);
  };
  const cards = { draft: form.draft, shopCurrency: currency, onChange: form.change };
  return (
    <FieldProblemsProvider problems={form.problems}>
      <ProgramForm form={form} saving={saving} saveBarId="loyalty-save-bar">
        <Layout>
          <Layout.Section>
            <BlockStack gap="400">
              <RefusalBanner refusal={form.refusal} problems={form.problems} own={['earning', 'expiry']} />
              <StatusCard
                {...{ ...props, sent, currency }}
                typed={form.isSound ? form.program : null}
                hasUnsaved={form.isDirty}
                isSaving={saving.isSaving}
                onChange={change}
              />
              {suggestion === null ? null : <SuggestionCard reason={suggestion} currency={currency} />}
              <EarningCard {...cards} />
              <ExtrasCard {...cards} />
              <MultipliersCard {...cards} />
              <ExpiryCard {...cards} />
            </BlockStack>
          </Layout.Section>
          <Layout.Section variant="oneThird">
            <BlockStack gap="400">
              <OrderPreview {...props} program={form.isSound ? form.program : null} currency={currency} aovMinor={aovMinor} />
              <SimulationCard program={form.isSound ? form.program : null} currency={currency} {...simulation} />
              <TracesSwitch traces={props.traces} timeZone={timeZone} />
              <HistoryCard {...props} />
            </BlockStack>
          </Layout.Section>
        </Layout>
      </ProgramForm>
    </FieldProblemsProvider>
  );
}
