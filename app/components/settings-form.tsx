import { Banner, Form, Layout } from '@shopify/polaris';
import type { ReactNode } from 'react';

import { UnsavedBar } from './unsaved-bar.tsx';

export interface SettingsFormProps {
  saveBarId: string;
  words: { save: string; discard: string; failedTitle: string; failedText: string };
  isDirty: boolean;
  isSaving: boolean;
  hasFailed: boolean;
  onSave: () => void;
  onDiscard: () => void;
  /** Sections of the page's layout. */
  children: ReactNode;
}

/** A page of settings, with the admin's save bar while something differs from what is saved. */
export function SettingsForm({ saveBarId, words, isDirty, isSaving, hasFailed, onSave, onDiscard, children }: SettingsFormProps) {
  const save = () => {
    if (isDirty && !isSaving) onSave();
  };
  return (
    <Form noValidate onSubmit={save}>
      <UnsavedBar id={saveBarId} isOpen={isDirty} onSave={save} {...{ words, isSaving, onDiscard }} />
      <Layout>
        {hasFailed ? (
          <Layout.Section>
            <Banner tone="critical" title={words.failedTitle}>
              {words.failedText}
            </Banner>
          </Layout.Section>
        ) : null}
        {children}
      </Layout>
    </Form>
  );
}
