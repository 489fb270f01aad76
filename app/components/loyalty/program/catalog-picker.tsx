import { BlockStack, Button, Modal, OptionList, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { searchQuestion, useCatalog } from './use-catalog.ts';
import type { CatalogChoice, CatalogKind } from './use-catalog.ts';

export interface CatalogPickerProps {
  kind: CatalogKind;
  isOpen: boolean;
  /** One, or any number. */
  isMultiple: boolean;
  chosen: readonly CatalogChoice[];
  onClose: () => void;
  onChoose: (choices: readonly CatalogChoice[]) => void;
}

/** The store's own catalogue, searched by the beginnings of words. */
export function CatalogPicker(props: CatalogPickerProps) {
  const { kind, isOpen, onClose } = props;
  const { t } = useTranslation('loyalty');
  return (
    <Modal open={isOpen} onClose={onClose} title={t(`picker.${kind}`)}>
      {/* What was ticked and not confirmed is forgotten with the dialog. */}
      {isOpen ? <PickerBody {...props} /> : null}
    </Modal>
  );
}

function PickerBody({ kind, isMultiple, chosen, onClose, onChoose }: CatalogPickerProps) {
  const { t } = useTranslation('loyalty');
  const [text, setText] = useState('');
  const [ticked, setTicked] = useState<readonly CatalogChoice[]>(chosen);
  const { choices, state } = useCatalog(searchQuestion(kind, text));
  const shown = [...ticked, ...choices.filter(({ id }) => !ticked.some((one) => one.id === id))];
  const tick = (selected: readonly string[]) => {
    const now = shown.filter(({ id }) => selected.includes(String(id)));
    setTicked(now);
    if (isMultiple) return;
    onChoose(now);
    onClose();
  };
  const confirm = () => {
    onChoose(ticked);
    onClose();
  };
  const note = state === 'asking' ? t('picker.asking') : state === 'silent' ? t('picker.silent') : shown.length === 0 ? t('picker.none') : '';
  return (
    <Modal.Section>
      <BlockStack gap="300">
        <TextField label={t('picker.search')} value={text} maxLength={100} autoComplete="off" onChange={setText} />
        <div role="status" style={{ minBlockSize: 'var(--p-font-line-height-500)' }}>
          <Text as="p" tone="subdued">
            {note}
          </Text>
        </div>
        <div style={{ blockSize: '16rem', overflowY: 'auto' }}>
          <OptionList
            allowMultiple={isMultiple}
            options={shown.map(({ id, title }) => ({ value: String(id), label: title }))}
            selected={ticked.map(({ id }) => String(id))}
            onChange={tick}
          />
        </div>
        {isMultiple ? (
          <div>
            <Button variant="primary" disabled={ticked.length === 0 && chosen.length === 0} onClick={confirm}>
              {t('picker.confirm', { count: ticked.length })}
            </Button>
          </div>
        ) : null}
      </BlockStack>
    </Modal.Section>
  );
}
