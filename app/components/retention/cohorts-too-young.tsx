import { Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { cohortsCompleteOn } from '#app/domain/retention/metrics/cohorts-complete-on.ts';
import type { CohortsAwaited } from '#app/domain/retention/metrics/cohorts-complete-on.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';

/** In place of a table of cohorts without a column: why, and from when on there is one. */
export function CohortsTooYoung({ text, rows, period }: Pick<CohortsAwaited, 'rows' | 'period'> & { text: string }) {
  const { t, i18n } = useTranslation('cohorts');
  const formats = useFormats();
  const isRolling = period === 'rolling30Days';
  // A running calendar period has a column as soon as the first one is over; a period of a customer's own once it has ended.
  const begins = cohortsCompleteOn({ rows, period, offset: isRolling ? 1 : 0, customers: 1 });
  return (
    <Text as="p">
      {joinSentences(i18n.language, [text, begins === null ? null : t(isRolling ? 'page.beginsBy' : 'page.begins', { date: formats.day(begins) })])}
    </Text>
  );
}
