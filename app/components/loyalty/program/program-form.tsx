import { SaveBar } from '@shopify/app-bridge-react';
import { Form } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

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
      <SaveBar id={saveBarId} open={isDirty}>
        <button type="button" variant="primary" loading={saving.isSaving ? '' : undefined} onClick={save}>
          {t('save')}
        </button>
        <button type="button" disabled={saving.isSaving} onClick={discard}>
          {t('discard')}
        </button>
      </SaveBar>
      {children}
    </Form>
  );
}
