import { Form } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { UnsavedBar } from '#app/components/unsaved-bar.tsx';
import type { ProgramFormState } from './use-program-form.ts';
import type { ProgramSaving } from './use-program-saving.ts';

export interface ProgramFormProps {
  form: Pick<ProgramFormState<object>, 'isDirty' | 'save' | 'discard'>;
  saving: Pick<ProgramSaving, 'isSaving'>;
  saveBarId: string;
  children: ReactNode;
}

/** The form of a part of the program, with the admin's save bar while something differs from what is saved. */
export function ProgramForm({ form, saving, saveBarId, children }: ProgramFormProps) {
  const { t } = useTranslation('loyalty');
  const { isDirty, save, discard } = form;
  return (
    // Polaris' form has the hidden button without which Enter in a field does nothing.
    <Form noValidate onSubmit={() => isDirty && save()}>
      <UnsavedBar id={saveBarId} words={{ save: t('save'), discard: t('discard') }} isOpen={isDirty} isSaving={saving.isSaving} onSave={save} onDiscard={discard} />
      {children}
    </Form>
  );
}
