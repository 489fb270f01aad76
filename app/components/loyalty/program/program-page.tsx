import { BlockStack, Layout } from '@shopify/polaris';

import type { StatusChange } from '#app/domain/loyalty/program/change-status.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { StoreHabits, SuggestionReason } from '#app/domain/loyalty/program/suggest-program.ts';
import { HistoryCard } from './history-card.tsx';
import type { VersionLine } from './history-card.tsx';
import { RefusalBanner } from './refusal-banner.tsx';
import { StatusCard } from './status-card.tsx';
import { SuggestionCard } from './suggestion-card.tsx';
import type { ProgramSaving } from './use-program-saving.ts';

export interface ProgramPageProps {
  version: number;
  program: Program;
  suggestion: SuggestionReason | null;
  habits: StoreHabits;
  timeZone: string;
  today: string;
  history: readonly VersionLine[];
  staffId: string;
  saving: ProgramSaving;
}

/** All that is needed to go from nothing to live. */
export function ProgramPage(props: ProgramPageProps) {
  const { version, program, suggestion, habits, saving } = props;
  const change = (to: StatusChange) => saving.save(version === 0 ? program : null, to);
  return (
    <Layout>
      <Layout.Section>
        <BlockStack gap="400">
          <RefusalBanner refusal={saving.refusal} problems={saving.refused} own={['earning', 'expiry']} />
          <StatusCard {...props} hasUnsaved={false} isSaving={saving.isSaving} onChange={change} />
          {suggestion === null ? null : <SuggestionCard reason={suggestion} currency={habits.currency} />}
        </BlockStack>
      </Layout.Section>
      <Layout.Section variant="oneThird">
        <HistoryCard {...props} />
      </Layout.Section>
    </Layout>
  );
}
