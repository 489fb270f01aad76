import { BlockStack, Card, Select, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { OwnPreviewInAnyLanguage } from '#app/components/previews/preview-card.tsx';
import { ThankYouPreview } from '#app/components/previews/thank-you-preview.tsx';
import type { AccountStep } from '#app/contracts/order-thanks.ts';
import type { AccountMode } from '#app/domain/accounts/account-settings.ts';
import type { ShopperWording } from '#app/domain/texts/shopper-wording.ts';

/** Before and after a shopper of legacy accounts asks for the invite; of new accounts there is one situation. */
const SITUATIONS = ['invite', 'invited'] as const;
type Situation = (typeof SITUATIONS)[number];

interface AccountPreviewProps {
  /** As it is chosen, saved or not. */
  isEnabled: boolean;
  mode: AccountMode | null;
}

/** The way into an account as shoppers see it on the thank-you and order status pages, beside its switch. */
export function AccountPreview({ isEnabled, mode }: AccountPreviewProps) {
  const { t } = useTranslation(['accounts', 'texts']);
  const [situation, setSituation] = useState<Situation>('invite');
  if (!isEnabled || mode === null) {
    return (
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {t('texts:preview.title')}
          </Text>
          <Text as="p" tone="subdued">
            {t(isEnabled ? 'step.unknown' : 'preview.off')}
          </Text>
        </BlockStack>
      </Card>
    );
  }
  const choices =
    mode === 'new' ? null : (
      <Select
        label={t('texts:preview.situation')}
        options={SITUATIONS.map((value) => ({ value, label: t(`preview.${value}`) }))}
        value={situation}
        onChange={(value) => setSituation(SITUATIONS.find((known) => known === value) ?? situation)}
      />
    );
  return (
    // No date is among its words.
    <OwnPreviewInAnyLanguage surface="thank-you" timeZone="UTC" choices={choices}>
      {(wording) => <StepPreview {...{ mode, situation, wording }} />}
    </OwnPreviewInAnyLanguage>
  );
}

/** What stands on the shopper's screen. */
export function StepPreview({ mode, situation, wording }: { mode: AccountMode; situation: Situation; wording: ShopperWording }) {
  return <ThankYouPreview offer={null} thanks={{ points: { state: 'none' }, account: stepIn(mode, situation) }} wording={wording} />;
}

function stepIn(mode: AccountMode, situation: Situation): AccountStep {
  if (mode === 'new') return { state: 'sign-in', url: '', welcomePoints: null };
  return situation === 'invited' ? { state: 'invited' } : { state: 'invite', welcomePoints: null };
}
