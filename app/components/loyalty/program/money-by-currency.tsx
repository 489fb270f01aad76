import { BlockStack, InlineError } from '@shopify/polaris';

import { filledOf } from '#app/domain/loyalty/program/rewards-draft.ts';
import type { AmountDraft } from '#app/domain/loyalty/program/rewards-draft.ts';
import { useFieldProblem } from './field-problems.tsx';
import styles from './form-row.module.css';
import { MoneyField } from './program-fields.tsx';

export interface MoneyByCurrencyProps {
  /** Of the list in the program. */
  path: string;
  label: string;
  help?: string;
  amounts: readonly AmountDraft[];
  onChange: (amounts: readonly AmountDraft[]) => void;
}

/** An amount for each currency that has a rate; nothing typed is none in that one. */
export function MoneyByCurrency({ path, label, help, amounts, onChange }: MoneyByCurrencyProps) {
  const missing = useFieldProblem(path);
  const filled = filledOf(amounts);
  const isOne = amounts.length === 1;
  return (
    <BlockStack gap="100">
      <div className={styles['row']} role="group" aria-label={label}>
        {amounts.map((amount, index) => (
          <MoneyField
            key={amount.currency}
            path={`${path}[${filled.indexOf(amount)}]`}
            label={isOne ? label : `${label} (${amount.currency})`}
            value={amount.amount}
            currency={amount.currency}
            {...(help === undefined ? {} : { help })}
            onChange={(typed) => onChange(amounts.map((one, at) => (at === index ? { ...one, amount: typed } : one)))}
          />
        ))}
      </div>
      {missing === undefined ? null : <InlineError fieldID={path} message={missing} />}
    </BlockStack>
  );
}
