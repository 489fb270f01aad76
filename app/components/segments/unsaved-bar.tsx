import { SaveBar } from '@shopify/app-bridge-react';
import { useTranslation } from 'react-i18next';

/** The admin's own bar: while it is open, whoever leaves the page is asked whether they mean to. */
export function UnsavedBar({ isOpen, isSaving, onSave, onDiscard }: { isOpen: boolean; isSaving: boolean; onSave: () => void; onDiscard: () => void }) {
  const { t } = useTranslation('segments');
  return (
    <SaveBar id="segment-save-bar" open={isOpen}>
      <button type="button" variant="primary" loading={isSaving ? '' : undefined} onClick={onSave}>
        {t('builder.save')}
      </button>
      <button type="button" disabled={isSaving} onClick={onDiscard}>
        {t('builder.discard')}
      </button>
    </SaveBar>
  );
}
