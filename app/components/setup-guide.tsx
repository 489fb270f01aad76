import { Badge, BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { XIcon } from '@shopify/polaris-icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** `asked` until the admin has answered; `unknown` when it cannot say. */
export type BlockPlacement = 'placed' | 'missing' | 'asked' | 'unknown';

const EDITOR_ADDRESS = 'shopify://admin/settings/checkout/editor?page=thank-you';

const BADGE_TONES = { placed: 'success', missing: 'attention', asked: undefined, unknown: undefined } as const;
const BADGE_WORDS = {
  placed: 'setup.blockPlaced',
  missing: 'setup.blockMissing',
  asked: 'setup.blockAsked',
  unknown: 'setup.blockUnknown',
} as const;

/** What is left to do until buyers see a code. */
export function SetupGuide({ placement, onDismiss }: { placement: BlockPlacement; onDismiss: () => void }) {
  const { t } = useTranslation('overview');
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="start" wrap={false} gap="200">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              {t('setup.title')}
            </Text>
            <Text as="p" tone="subdued">
              {t('setup.text')}
            </Text>
          </BlockStack>
          <Button variant="tertiary" icon={XIcon} accessibilityLabel={t('setup.dismiss')} onClick={onDismiss} />
        </InlineStack>
        <Step
          number={1}
          title={t('setup.blockTitle')}
          text={t('setup.blockText')}
          badge={<Badge tone={BADGE_TONES[placement]}>{t(BADGE_WORDS[placement])}</Badge>}
          action={
            <Button url={EDITOR_ADDRESS} target="_top">
              {t('setup.blockAction')}
            </Button>
          }
        />
        <Step
          number={2}
          title={t('setup.offerTitle')}
          text={t('setup.offerText')}
          action={<Button url="/app/offers">{t('setup.offerAction')}</Button>}
        />
      </BlockStack>
    </Card>
  );
}

interface StepProps {
  number: number;
  title: string;
  text: string;
  badge?: ReactNode;
  action: ReactNode;
}

function Step({ number, title, text, badge, action }: StepProps) {
  return (
    <InlineStack align="space-between" blockAlign="center" gap="300">
      <BlockStack gap="050">
        <InlineStack align="start" gap="200" blockAlign="center">
          <Text as="h3" variant="headingSm">
            {number}. {title}
          </Text>
          {badge}
        </InlineStack>
        <Text as="p" tone="subdued">
          {text}
        </Text>
      </BlockStack>
      {action}
    </InlineStack>
  );
}
