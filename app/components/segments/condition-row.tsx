import { Box, Button, InlineError, InlineGrid, OptionList, Popover, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { typedNumber, unitOf } from '#app/components/customers/range-number.ts';
import type { ConditionWords } from '#app/components/customers/use-condition-words.ts';
import { useFormats } from '#app/components/formats.tsx';
import type { ConditionDraft, DraftProblem } from './condition-drafts.ts';
import styles from './condition-row.module.css';

export interface ConditionRowProps {
  draft: ConditionDraft;
  problem: DraftProblem | null;
  /** Whether a condition that is not finished is said to be so: once saving was tried. */
  isStrict: boolean;
  currency: string;
  words: ConditionWords;
  offered: readonly (string | null)[];
  onChange: (draft: ConditionDraft) => void;
  onRemove: () => void;
}

const EXAMPLES = { count: '3', percent: '50', decimal: '1.5' };
/** "Not known" among the values of a list of choices, which are texts. */
const UNKNOWN = '\0';

/** What is asked, the values that meet it, and a way to take it away. */
export function ConditionRow(props: ConditionRowProps) {
  const { draft, onRemove } = props;
  const { t } = useTranslation(['segments', 'customers']);
  const field = t(`customers:fields.${draft.field}`);
  return (
    <div className={styles['row']} role="group" aria-label={field}>
      <div className={styles['name']}>
        <Text as="span" fontWeight="medium">
          {field}
        </Text>
      </div>
      <div className={styles['value']}>{draft.kind === 'range' ? <RangeEnds {...props} draft={draft} /> : <Choices {...props} draft={draft} />}</div>
      <div className={styles['remove']}>
        <Button variant="plain" onClick={onRemove} accessibilityLabel={t('builder.removeOf', { field })}>
          {t('builder.remove')}
        </Button>
      </div>
    </div>
  );
}

function RangeEnds({ draft, problem, isStrict, currency, onChange }: ConditionRowProps & { draft: ConditionDraft & { kind: 'range' } }) {
  const { t } = useTranslation(['segments', 'customers']);
  const unit = unitOf(draft.field);
  const wrong = t('customers:filters.wrong', { example: unit === 'money' ? typedNumber(draft.field, 2500, currency) : EXAMPLES[unit] });
  const unfinished = isStrict && problem === 'unfinished' ? t('builder.unfinished') : undefined;
  const errors = { from: problem === 'from' ? wrong : unfinished, to: problem === 'to' ? wrong : problem === 'contradiction' ? t('builder.contradiction') : undefined };
  return (
    <InlineGrid columns={2} gap="300">
      {(['from', 'to'] as const).map((end) => (
        <TextField
          key={end}
          label={t(`customers:filters.${end}`)}
          value={draft[end]}
          error={errors[end]}
          inputMode={unit === 'count' ? 'numeric' : 'decimal'}
          prefix={unit === 'money' ? currency : undefined}
          suffix={unit === 'percent' ? '%' : undefined}
          autoComplete="off"
          onChange={(text) => onChange({ ...draft, [end]: text })}
        />
      ))}
    </InlineGrid>
  );
}

function Choices({ draft, problem, isStrict, words, offered, onChange }: ConditionRowProps & { draft: ConditionDraft & { kind: 'choice' } }) {
  const { t } = useTranslation(['segments', 'customers', 'metrics']);
  const formats = useFormats();
  const [isOpen, setIsOpen] = useState(false);
  const { anyOf, field } = draft;
  const values = [...new Set([...offered, ...anyOf])];
  const chosen = anyOf.length > 3 ? t('builder.chosen', { count: anyOf.length, number: formats.count(anyOf.length) }) : anyOf.map((value) => words.choice(field, value)).join(t('metrics:separator'));
  const id = `choices-${draft.key}`;
  return (
    <>
      <Popover
        active={isOpen}
        onClose={() => setIsOpen(false)}
        preferredAlignment="left"
        activator={
          <Button disclosure fullWidth textAlign="left" onClick={() => setIsOpen((was) => !was)} ariaDescribedBy={id}>
            {anyOf.length === 0 ? t('builder.choose') : chosen}
          </Button>
        }
      >
        <Box minWidth="240px">
          <OptionList
            title={t(`customers:fields.${field}`)}
            allowMultiple
            options={values.map((value) => ({ value: value ?? UNKNOWN, label: words.choice(field, value) }))}
            selected={anyOf.map((value) => value ?? UNKNOWN)}
            onChange={(selected) => onChange({ ...draft, anyOf: selected.map((value) => (value === UNKNOWN ? null : value)) })}
          />
        </Box>
      </Popover>
      <div id={id}>{isStrict && problem === 'unfinished' ? <InlineError message={t('builder.unfinishedChoice')} fieldID={id} /> : null}</div>
    </>
  );
}
