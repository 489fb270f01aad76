import { SaveBar } from '@shopify/app-bridge-react';
import { Banner, BlockStack, Form, Layout } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { readOfferForm, writeOfferForm } from '#app/domain/offers/offer-form.ts';
import type { OfferForm, OfferFormProblems } from '#app/domain/offers/offer-form.ts';
import { OfferFields } from './offer-fields.tsx';
import { OfferPreview } from './offer-preview.tsx';

const SAVE_BAR_ID = 'offer-save-bar';

interface OfferPageProps {
  saved: OfferForm;
  currency: string | null;
  /** Days since 1970-01-01, in the shop's zone. */
  today: number;
  isSaving: boolean;
  /** What the server found wrong with the last try. */
  refused: OfferFormProblems;
  hasFailed: boolean;
  /** What the offer added so far. */
  lift: ReactNode;
  onSave: (form: OfferForm) => void;
}

/** The form beside its preview. Problems are shown once the merchant has tried to save, and go as they are mended. */
export function OfferPage({ saved, currency, today, isSaving, refused, hasFailed, lift, onSave }: OfferPageProps) {
  const { t } = useTranslation('offers');
  const [edited, setEdited] = useState<OfferForm | null>(null);
  const [hasTried, setHasTried] = useState(false);
  const form = edited ?? saved;
  const read = readOfferForm(form, currency);
  // 15 and 15.0 are no change.
  const isDirty = JSON.stringify(read.ok ? writeOfferForm(read.value, currency) : form) !== JSON.stringify(saved);
  const problems = hasTried && !read.ok ? read.problems : refused;

  const change = (fields: Partial<OfferForm>) => setEdited({ ...form, ...fields });
  const discard = () => {
    setEdited(null);
    setHasTried(false);
  };
  const save = () => {
    setHasTried(!read.ok);
    if (read.ok && !isSaving) onSave(form);
  };
  const submit = () => {
    if (isDirty) save();
  };
  return (
    // Polaris' form has the hidden button without which Enter in a field does nothing.
    <Form noValidate onSubmit={submit}>
      <SaveBar id={SAVE_BAR_ID} open={isDirty}>
        <button type="button" variant="primary" loading={isSaving ? '' : undefined} onClick={save}>
          {t('save')}
        </button>
        <button type="button" disabled={isSaving} onClick={discard}>
          {t('discard')}
        </button>
      </SaveBar>
      <Layout>
        {hasFailed ? (
          <Layout.Section>
            <Banner tone="critical" title={t('saveFailedTitle')}>
              {t('saveFailedText')}
            </Banner>
          </Layout.Section>
        ) : null}
        <Layout.Section>
          <OfferFields form={form} problems={problems} currency={currency} onChange={change} />
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <OfferPreview settings={read.ok ? read.value : null} currency={currency} today={today} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="fullWidth">{lift}</Layout.Section>
      </Layout>
    </Form>
  );
}
