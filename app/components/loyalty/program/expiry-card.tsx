import { ChoiceList, InlineGrid, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { PROGRAM_LIMITS } from '#app/domain/loyalty/program/program-limits.ts';
import type { SetupCardProps } from './earning-card.tsx';
import { useFieldProblem } from './field-problems.tsx';
import { FormCard } from './form-card.tsx';
import { NumberField } from './program-fields.tsx';

/** How long points last, and when members are told. */
export function ExpiryCard({ draft, onChange }: Pick<SetupCardProps, 'draft' | 'onChange'>) {
  const { t } = useTranslation('loyalty');
  const error = useFieldProblem('expiry.noticeDays', { limits: PROGRAM_LIMITS.noticeDays });
  return (
    <FormCard title={t('expiry.title')} text={t('expiry.text')}>
      <ChoiceList
        title={t('expiry.kind')}
        name="expiryKind"
        choices={(['inactivity', 'age', 'never'] as const).map((kind) => ({ value: kind, label: t(`expiry.${kind}`), helpText: t(`expiry.${kind}Help`) }))}
        selected={[draft.expiryKind]}
        onChange={([expiryKind = 'inactivity']) => onChange({ expiryKind })}
      />
      {draft.expiryKind === 'never' ? null : (
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
          <NumberField
            path="expiry.months"
            label={t('expiry.months')}
            value={draft.expiryMonths}
            limits={PROGRAM_LIMITS.expiryMonths}
            suffix={t('months')}
            onChange={(expiryMonths) => onChange({ expiryMonths })}
          />
          <TextField
            name="expiry.noticeDays"
            label={t('expiry.noticeDays')}
            value={draft.noticeDays}
            suffix={t('expiry.daysBefore')}
            autoComplete="off"
            {...(error === undefined ? { helpText: t('expiry.noticeDaysHelp') } : { error })}
            onChange={(noticeDays) => onChange({ noticeDays })}
          />
        </InlineGrid>
      )}
    </FormCard>
  );
}
