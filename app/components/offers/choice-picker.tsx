import { BlockStack, Box, Button, InlineError, Labelled, OptionList, Popover, Text, TextField } from '@shopify/polaris';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { useOfferProblem } from './offer-problems.tsx';

export interface Choice {
  id: string;
  name: string;
}

export interface ChoicePickerProps {
  path: string;
  label: string;
  help?: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  /** What a chosen one is called that there is no more. */
  gone: string;
  onChange: (chosen: readonly string[]) => void;
}

/** From so many on it is quicker to type than to look. */
const SEARCHED_FROM = 12;
const SHOWN_NAMES = 3;

/** Any number of a list, behind a button that says which. */
export function ChoicePicker({ path, label, help, choices, chosen, gone, onChange }: ChoicePickerProps) {
  const { t } = useTranslation('offers');
  const formats = useFormats();
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const problem = useOfferProblem(path);
  const nameOf = (choice: string) => choices.find((one) => one.id === choice)?.name ?? gone;
  const text = chosen.length === 0 ? t('rule.any') : chosen.length > SHOWN_NAMES ? t('rule.chosen', { count: chosen.length, number: formats.count(chosen.length) }) : chosen.map(nameOf).join(', ');
  const unknown = chosen.filter((one) => !choices.some((choice) => choice.id === one)).map((one) => ({ id: one, name: gone }));
  return (
    <Labelled id={id} label={label} {...(help === undefined ? {} : { helpText: help })}>
      <Popover
        active={isOpen}
        onClose={() => setIsOpen(false)}
        preferredAlignment="left"
        activator={
          <Button id={id} disclosure fullWidth textAlign="left" accessibilityLabel={`${label}: ${text}`} onClick={() => setIsOpen((was) => !was)}>
            {text}
          </Button>
        }
      >
        {isOpen ? <Choices label={label} choices={[...unknown, ...choices]} chosen={chosen} onChange={onChange} /> : null}
      </Popover>
      {problem === undefined ? null : <InlineError fieldID={id} message={problem} />}
    </Labelled>
  );
}

function Choices({ label, choices, chosen, onChange }: Pick<ChoicePickerProps, 'label' | 'choices' | 'chosen' | 'onChange'>) {
  const { t } = useTranslation('offers');
  const [typed, setTyped] = useState('');
  const sought = typed.trim().toLocaleLowerCase();
  const shown = choices.filter(({ name }) => name.toLocaleLowerCase().includes(sought));
  const hidden = chosen.filter((id) => !shown.some((choice) => choice.id === id));
  return (
    <Box minWidth="240px">
      {choices.length < SEARCHED_FROM ? null : (
        <Box padding="200">
          <TextField label={t('rule.search')} labelHidden placeholder={t('rule.search')} value={typed} maxLength={60} autoComplete="off" onChange={setTyped} />
        </Box>
      )}
      {shown.length === 0 ? (
        <Box padding="400">
          <BlockStack>
            <Text as="p" tone="subdued">
              {t('rule.noneFound')}
            </Text>
          </BlockStack>
        </Box>
      ) : (
        <div role="group" aria-label={label} style={{ maxBlockSize: '16rem', overflowY: 'auto' }}>
          <OptionList
            allowMultiple
            options={shown.map(({ id, name }) => ({ value: id, label: name }))}
            selected={chosen.filter((id) => !hidden.includes(id))}
            // What the search hides stays chosen.
            onChange={(selected) => onChange([...hidden, ...selected])}
          />
        </div>
      )}
    </Box>
  );
}
