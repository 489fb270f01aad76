import { BlockStack, Card, Checkbox, InlineGrid, InlineStack, Layout, Text } from '@shopify/polaris';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { SettingsForm } from '#app/components/settings-form.tsx';
import type { AccountMode, AccountSettings } from '#app/domain/accounts/account-settings.ts';
import type { EarlyEnd } from '#app/domain/accounts/judge-invite.ts';

/** Customers who wished for an invite: all, those whose account came of it, and those who are still to be reminded. */
interface InviteCounts {
  readonly wished: number;
  readonly activated: number;
  readonly open: number;
}

interface UnsentInvites {
  readonly reason: EarlyEnd | 'other';
  readonly count: number;
}

interface AccountsPageProps {
  saved: AccountSettings;
  mode: AccountMode | null;
  counts: InviteCounts;
  /** Invites of which nothing went out, by why. */
  unsent: readonly UnsentInvites[];
  isSaving: boolean;
  hasFailed: boolean;
  onSave: (settings: AccountSettings) => void;
  /** What shoppers see of what is chosen. */
  previewOf: (settings: AccountSettings) => ReactNode;
}

export function AccountsPage({ saved, mode, counts, unsent, isSaving, hasFailed, onSave, previewOf }: AccountsPageProps) {
  const { t } = useTranslation('accounts');
  const [edited, setEdited] = useState<AccountSettings | null>(null);
  const settings = edited ?? saved;
  return (
    <SettingsForm
      saveBarId="accounts-save-bar"
      words={{ save: t('save'), discard: t('discard'), failedTitle: t('saveFailedTitle'), failedText: t('saveFailedText') }}
      isDirty={JSON.stringify(settings) !== JSON.stringify(saved)}
      isSaving={isSaving}
      hasFailed={hasFailed}
      onSave={() => onSave(settings)}
      onDiscard={() => setEdited(null)}
    >
      <Layout.Section>
        <Switches settings={settings} mode={mode} onChange={(change) => setEdited({ ...settings, ...change })} />
      </Layout.Section>
      <Layout.Section variant="oneThird">
        <BlockStack gap="400">
          {previewOf(settings)}
          <ModeCard mode={mode} />
          {mode === 'new' && counts.wished === 0 ? null : <CountsCard counts={counts} />}
          {unsent.length === 0 ? null : <UnsentCard unsent={unsent} />}
        </BlockStack>
      </Layout.Section>
    </SettingsForm>
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

/** Nothing of these is tried again by itself, but for what Shopify did not let us do. */
function UnsentCard({ unsent }: { unsent: readonly UnsentInvites[] }) {
  const { t } = useTranslation('accounts');
  const formats = useFormats();
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t('unsent.title')}
        </Text>
        <BlockStack gap="100">
          {unsent.map(({ reason, count }) => (
            <InlineStack key={reason} align="space-between" gap="200" wrap={false}>
              <Text as="span">{t(`unsent.${reason}`)}</Text>
              <Text as="span" fontWeight="semibold" numeric>
                {formats.count(count)}
              </Text>
            </InlineStack>
          ))}
        </BlockStack>
        {unsent.some(({ reason }) => reason === 'no-access') ? (
          <Text as="p" tone="subdued">
            {t('unsent.accessHelp')}
          </Text>
        ) : null}
      </BlockStack>
    </Card>
  );
}
