import { BlockStack, Button, Form, FormLayout, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { RangeCondition, RangeField } from '#app/domain/segments/segment.ts';
import { readTypedNumber, typedNumber, unitOf } from './range-number.ts';

export interface RangeFilterProps {
  field: RangeField;
  condition: RangeCondition | undefined;
  currency: string;
  /** Null takes the condition away. */
  onChange: (condition: RangeCondition | null) => void;
}

const EXAMPLES = { count: '3', money: '25.00', percent: '50', decimal: '1.5' };

/** Two ends of a range, either of which may be left open. */
export function RangeFilter({ field, condition, currency, onChange }: RangeFilterProps) {
  const { t } = useTranslation('customers');
  const [from, setFrom] = useState(typedNumber(field, condition?.from ?? null, currency));
  const [to, setTo] = useState(typedNumber(field, condition?.to ?? null, currency));
  const unit = unitOf(field);
  const read = { from: readTypedNumber(field, from, currency), to: readTypedNumber(field, to, currency) };
  const problem = t('filters.wrong', { example: unit === 'money' ? typedNumber(field, 2500, currency) : EXAMPLES[unit] });
  const take = () => {
    if (read.from === undefined || read.to === undefined) return;
    onChange(read.from === null && read.to === null ? null : { kind: 'range', field, from: read.from, to: read.to });
  };
  const ends = {
    inputMode: unit === 'count' ? ('numeric' as const) : ('decimal' as const),
    prefix: unit === 'money' ? currency : undefined,
    suffix: unit === 'percent' ? '%' : undefined,
    autoComplete: 'off',
  };
  return (
    <Form onSubmit={take}>
      <BlockStack gap="300">
        <FormLayout>
          <TextField {...ends} label={t('filters.from')} value={from} onChange={setFrom} error={read.from === undefined && problem} />
          <TextField {...ends} label={t('filters.to')} value={to} onChange={setTo} error={read.to === undefined && problem} />
        </FormLayout>
        <Button submit>{t('filters.apply')}</Button>
      </BlockStack>
    </Form>
  );
}
