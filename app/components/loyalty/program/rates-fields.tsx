import { BlockStack, Button, InlineError, Select, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { currencyCodes, currencyExponent } from '#app/domain/money/currency.ts';
import { decimalOfMinorUnits } from '#app/domain/money/decimal-of-minor-units.ts';
import type { RateDraft } from '#app/domain/loyalty/program/earning-rate-text.ts';
import { MOST, PROGRAM_LIMITS } from '#app/domain/loyalty/program/program-limits.ts';
import { useFieldProblem } from './field-problems.tsx';
import styles from './form-row.module.css';
import { MoneyField, NumberField } from './program-fields.tsx';

export interface RatesFieldsProps {
  rates: readonly RateDraft[];
  shopCurrency: string;
  onChange: (rates: readonly RateDraft[]) => void;
}

/** A rate for each currency that shoppers pay in; the shop's own stays. */
export function RatesFields({ rates, shopCurrency, onChange }: RatesFieldsProps) {
  const { t } = useTranslation('loyalty');
  const problem = useFieldProblem('earning.rates');
  const free = currencyCodes().filter((code) => !rates.some(({ currency }) => currency === code));
  const add = (currency: string) => onChange([...rates, { currency, points: '', per: unitOf(currency) }]);
  const put = (index: number, change: Partial<RateDraft>) => onChange(rates.map((rate, at) => (at === index ? { ...rate, ...change } : rate)));
  return (
    <BlockStack gap="300">
      {rates.map(({ currency, points, per }, index) => {
        const path = `earning.rates[${index}]`;
        return (
          <div key={currency} className={styles['row']} role="group" aria-label={t('earning.rateOf', { currency })}>
            <NumberField
              path={`${path}.points`}
              label={t('earning.points')}
              value={points}
              limits={PROGRAM_LIMITS.ratePoints}
              suffix={t('earning.pointsUnit')}
              isDecimal
              onChange={(typed) => put(index, { points: typed })}
            />
            <MoneyField path={`${path}.perMinor`} label={t('earning.per')} value={per} currency={currency} onChange={(typed) => put(index, { per: typed })} />
            {currency === shopCurrency ? (
              null
            ) : (
              <div className={styles['remove']}>
                <Button
                  variant="plain"
                  accessibilityLabel={t('earning.removeRateOf', { currency })}
                  onClick={() => onChange(rates.filter((_, at) => at !== index))}
                >
                  {t('remove')}
                </Button>
              </div>
            )}
          </div>
        );
      })}
      {problem === undefined ? null : <InlineError fieldID="earning.rates" message={problem} />}
      {rates.length < MOST.currencies ? (
        <Select
          label={t('earning.addCurrency')}
          helpText={t('earning.addCurrencyHelp')}
          options={[{ value: '', label: t('earning.chooseCurrency') }, ...free.map((code) => ({ value: code, label: code }))]}
          value=""
          onChange={(code) => code !== '' && add(code)}
        />
      ) : null}
      <Text as="p" variant="bodySm" tone="subdued">
        {t('earning.base')}
      </Text>
    </BlockStack>
  );
}

function unitOf(currency: string): string {
  const exponent = currencyExponent(currency) ?? 0;
  return decimalOfMinorUnits(exponent === 0 ? 100 : 10 ** exponent, currency);
}
