import { SaveBar } from '@shopify/app-bridge-react';
import { Banner, BlockStack, Card, Checkbox, Form, InlineGrid, Layout, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { AccountMode, AccountSettings } from '#app/domain/accounts/account-settings.ts';

const SAVE_BAR_ID = 'accounts-save-bar';

/** Customers who wished for an invite: all, those whose account came of it, and those who are still to be reminded. */
interface InviteCounts {
  readonly wished: number;
  readonly activated: number;
  readonly open: number;
}

interface AccountsPageProps {
  saved: AccountSettings;
  mode: AccountMode | null;
  counts: InviteCounts;
  isSaving: boolean;
  hasFailed: boolean;
  onSave: (settings: AccountSettings) => void;
}

export function AccountsPage({ saved, mode, counts, isSaving, hasFailed, onSave }: AccountsPageProps) {
  const { t } = useTranslation('accounts');
  const [edited, setEdited] = useState<AccountSettings | null>(null);
  const settings = edited ?? saved;
  const isDirty = JSON.stringify(settings) !== JSON.stringify(saved);
  const save = () => {
    if (isDirty && !isSaving) onSave(settings);
  };
  return (
    <Form noValidate onSubmit={save}>
      <SaveBar id={SAVE_BAR_ID} open={isDirty}>
        <button type="button" variant="primary" loading={isSaving ? '' : undefined} onClick={save}>
          {t('save')}
        </button>
        <button type="button" disabled={isSaving} onClick={() => setEdited(null)}>
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
          <Switches settings={settings} mode={mode} onChange={(change) => setEdited({ ...settings, ...change })} />
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <ModeCard mode={mode} />
            {mode === 'new' && counts.wished === 0 ? null : <CountsCard counts={counts} />}
          </BlockStack>
        </Layout.Section>
      </Layout>
    </Form>
  );
}

interface SwitchesProps {
  settings: AccountSettings;
  mode: AccountMode | null;
  onChange: (change: Partial<AccountSettings>) => void;
}

function Switches({ settings, mode, onChange }: SwitchesProps) {
  const { t } = useTranslation('accounts');
  return (
    <BlockStack gap="400">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {t('step.title')}
          </Text>
          <Checkbox
            label={t('step.isEnabled')}
            helpText={t(`step.${mode ?? 'unknown'}`)}
            checked={settings.isEnabled}
            onChange={(isEnabled) => onChange({ isEnabled })}
          />
        </BlockStack>
      </Card>
      {mode === 'new' ? null : (
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              {t('reminders.title')}
            </Text>
            <BlockStack>
              <Checkbox
                label={t('reminders.first')}
                checked={settings.hasFirstReminder}
                disabled={!settings.isEnabled}
                onChange={(hasFirstReminder) => onChange({ hasFirstReminder })}
              />
              <Checkbox
                label={t('reminders.second')}
                checked={settings.hasSecondReminder}
                disabled={!settings.isEnabled}
                onChange={(hasSecondReminder) => onChange({ hasSecondReminder })}
              />
            </BlockStack>
            <Text as="p" tone="subdued">
              {t('reminders.help')}
            </Text>
          </BlockStack>
        </Card>
      )}
    </BlockStack>
  );
}

function ModeCard({ mode }: { mode: AccountMode | null }) {
  const { t } = useTranslation('accounts');
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t('mode.title')}
        </Text>
        <Text as="p">{t(`mode.${mode ?? 'unknown'}`)}</Text>
        <Text as="p" tone="subdued">
          {t('mode.follows')}
        </Text>
      </BlockStack>
    </Card>
  );
}

function CountsCard({ counts }: { counts: InviteCounts }) {
  const { t } = useTranslation('accounts');
  const formats = useFormats();
  const rows = (['wished', 'activated', 'open'] as const).map((name) => ({ name, count: counts[name] }));
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t('counts.title')}
        </Text>
        {counts.wished === 0 ? (
          <Text as="p" tone="subdued">
            {t('counts.empty')}
          </Text>
        ) : (
          <InlineGrid columns={3} gap="200">
            {rows.map(({ name, count }) => (
              <BlockStack key={name}>
                <Text as="span" tone="subdued">
                  {t(`counts.${name}`)}
                </Text>
                <Text as="span" variant="headingLg">
                  {formats.count(count)}
                </Text>
              </BlockStack>
            ))}
          </InlineGrid>
        )}
      </BlockStack>
    </Card>
  );
}
