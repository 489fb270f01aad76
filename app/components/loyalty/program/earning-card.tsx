import { Box, ChoiceList, Divider } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { PROGRAM_LIMITS } from '#app/domain/loyalty/program/program-limits.ts';
import type { SetupDraft } from '#app/domain/loyalty/program/setup-draft.ts';
import { FormCard } from './form-card.tsx';
import { NumberField } from './program-fields.tsx';
import { RatesFields } from './rates-fields.tsx';

export interface SetupCardProps {
  draft: SetupDraft;
  shopCurrency: string;
  onChange: (change: Partial<SetupDraft>) => void;
}

/** What an order earns, and when. */
export function EarningCard({ draft, shopCurrency, onChange }: SetupCardProps) {
  const { t } = useTranslation('loyalty');
  return (
    <FormCard title={t('earning.title')} text={t('earning.text')}>
      <RatesFields rates={draft.rates} shopCurrency={shopCurrency} onChange={(rates) => onChange({ rates })} />
      <ChoiceList
        title={t('earning.others')}
        name="otherCurrencies"
        choices={[
          { value: 'convert', label: t('earning.convert'), helpText: t('earning.convertHelp', { currency: shopCurrency }) },
          { value: 'nothing', label: t('earning.nothing') },
        ]}
        selected={[draft.otherCurrencies]}
        onChange={([otherCurrencies = 'convert']) => onChange({ otherCurrencies })}
      />
      <Divider />
      <ChoiceList
        title={t('earning.occasion')}
        name="occasion"
        choices={[
          { value: 'paid', label: t('earning.paid') },
          { value: 'fulfilled', label: t('earning.fulfilled') },
        ]}
        selected={[draft.occasion]}
        onChange={([occasion = 'paid']) => onChange({ occasion })}
      />
      <Box maxWidth="320px">
        <NumberField
          path="earning.pendingDays"
          label={t('earning.pendingDays')}
          help={t('earning.pendingDaysHelp')}
          value={draft.pendingDays}
          limits={PROGRAM_LIMITS.pendingDays}
          suffix={t('days')}
          onChange={(pendingDays) => onChange({ pendingDays })}
        />
      </Box>
    </FormCard>
  );
}
