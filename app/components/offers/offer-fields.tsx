import { BlockStack, Card, Checkbox, ChoiceList, InlineGrid, Text, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { decimalOfMinorUnits } from '#app/domain/money/decimal-of-minor-units.ts';
import { requireCurrencyExponent } from '#app/domain/money/currency.ts';
import type { OfferField, OfferForm, OfferFormProblems } from '#app/domain/offers/offer-form.ts';

interface OfferFieldsProps {
  form: OfferForm;
  problems: OfferFormProblems;
  /** Null until the first sync has read the shop. */
  currency: string | null;
  onChange: (change: Partial<OfferForm>) => void;
}

/** The settings of the offer; a problem stands next to its field. */
export function OfferFields(props: OfferFieldsProps) {
  const { t } = useTranslation('offers');
  const { form, onChange } = props;
  return (
    <BlockStack gap="400">
      <Card>
        <Checkbox
          label={t('status.label')}
          helpText={t('status.help')}
          name="isEnabled"
          checked={form.isEnabled}
          onChange={(isEnabled) => onChange({ isEnabled })}
        />
      </Card>
      <TermsCard {...props} />
      <AudienceCard {...props} />
      <HoldoutCard {...props} />
    </BlockStack>
  );
}

function TermsCard({ form, problems, currency, onChange }: OfferFieldsProps) {
  const { t } = useTranslation('offers');
  const example = currency === null ? '' : decimalOfMinorUnits(25 * 10 ** requireCurrencyExponent(currency), currency);
  const problem = (field: OfferField) => problems[field] && t(`problems.${field}`, { example });
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {t('terms.title')}
        </Text>
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
          <TextField
            label={t('terms.percent')}
            helpText={t('terms.percentHelp')}
            name="percent"
            value={form.percent}
            suffix="%"
            inputMode="decimal"
            autoComplete="off"
            error={problem('percent')}
            onChange={(percent) => onChange({ percent })}
          />
          <TextField
            label={t('terms.validDays')}
            helpText={t('terms.validDaysHelp')}
            name="validDays"
            value={form.validDays}
            suffix={t('terms.days')}
            inputMode="numeric"
            autoComplete="off"
            error={problem('validDays')}
            onChange={(validDays) => onChange({ validDays })}
          />
          <TextField
            label={t('terms.minimum')}
            helpText={t(currency === null ? 'terms.minimumNoCurrency' : 'terms.minimumHelp')}
            name="minimum"
            value={form.minimum}
            prefix={currency ?? undefined}
            disabled={currency === null}
            inputMode="decimal"
            autoComplete="off"
            error={problem('minimum')}
            onChange={(minimum) => onChange({ minimum })}
          />
        </InlineGrid>
        <Text as="p" tone="subdued">
          {t('terms.oneUse')}
        </Text>
      </BlockStack>
    </Card>
  );
}

function AudienceCard({ form, problems, onChange }: OfferFieldsProps) {
  const { t } = useTranslation('offers');
  return (
    <Card>
      <BlockStack gap="400">
        <ChoiceList
          title={<Text as="span" variant="headingMd">{t('audience.title')}</Text>}
          name="audience"
          choices={[
            { value: 'first-order', label: t('audience.firstOrder'), helpText: t('audience.firstOrderHelp') },
            { value: 'every-order', label: t('audience.everyOrder'), helpText: t('audience.everyOrderHelp') },
          ]}
          selected={[form.audience]}
          error={problems.audience && t('problems.audience')}
          onChange={([audience = '']) => onChange({ audience })}
        />
        <Text as="p" tone="subdued">
          {t('audience.neverTitle')}
        </Text>
      </BlockStack>
    </Card>
  );
}

function HoldoutCard({ form, problems, onChange }: OfferFieldsProps) {
  const { t } = useTranslation('offers');
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {t('holdout.title')}
        </Text>
        <TextField
          label={t('holdout.label')}
          helpText={t('holdout.help')}
          name="holdout"
          value={form.holdout}
          suffix="%"
          inputMode="decimal"
          autoComplete="off"
          error={problems.holdout && t('problems.holdout')}
          onChange={(holdout) => onChange({ holdout })}
        />
      </BlockStack>
    </Card>
  );
}
