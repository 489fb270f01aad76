import { Button, InlineStack, Text, TextField } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { parseDay } from '#app/domain/time/calendar-day.ts';
import styles from './as-of-field.module.css';

export interface AsOfFieldProps {
  /** The day the numbers speak of, `YYYY-MM-DD`. */
  asOf: string;
  /** In the shop's time zone, `YYYY-MM-DD`. */
  today: string;
  onChange: (asOf: string) => void;
}

/** The day all numbers of the page speak of, to be moved back to any day of the past. */
export function AsOfField({ asOf, today, onChange }: AsOfFieldProps) {
  const { t } = useTranslation('overview');
  const formats = useFormats();
  const [typed, setTyped] = useState(asOf);
  useEffect(() => setTyped(asOf), [asOf]);

  const take = (value: string) => {
    setTyped(value);
    // While a date is being typed it is none, or one of another century.
    if (parseDay(value) !== null && value <= today && value > '1970') onChange(value);
  };
  return (
    <InlineStack gap="300" blockAlign="center">
      <TextField
        type="date"
        label={t('asOf.label')}
        labelHidden
        prefix={t('asOf.label')}
        value={typed}
        max={today}
        autoComplete="off"
        onChange={take}
        onBlur={() => setTyped(asOf)}
      />
      {asOf === today ? null : (
        <InlineStack gap="200" blockAlign="center">
          <div className={styles['past']}>
            <Text as="p" tone="subdued">
              {t('asOf.past', { asOf: formats.day(asOf) })}
            </Text>
          </div>
          <Button variant="plain" onClick={() => onChange(today)}>
            {t('asOf.showToday')}
          </Button>
        </InlineStack>
      )}
    </InlineStack>
  );
}
