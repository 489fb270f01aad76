import { SaveBar } from '@shopify/app-bridge-react';

interface UnsavedBarProps {
  id: string;
  words: { save: string; discard: string };
  isOpen: boolean;
  isSaving: boolean;
  onSave: () => void;
  onDiscard: () => void;
}

/** The admin's own bar: while it is open, whoever leaves the page is asked whether they mean to. */
export function UnsavedBar({ id, words, isOpen, isSaving, onSave, onDiscard }: UnsavedBarProps) {
  return (
    <SaveBar id={id} open={isOpen}>
      <button type="button" variant="primary" loading={isSaving ? '' : undefined} onClick={onSave}>
        {words.save}
      </button>
      <button type="button" disabled={isSaving} onClick={onDiscard}>
        {words.discard}
      </button>
    </SaveBar>
  );
}
