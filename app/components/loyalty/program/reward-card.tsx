import { Badge, BlockStack, Button, Card, Checkbox, Collapsible, InlineStack, Text } from '@shopify/polaris';
import { ArrowDownIcon, ArrowUpIcon, DeleteIcon } from '@shopify/polaris-icons';
import { useTranslation } from 'react-i18next';

import { problemsBelow } from '#app/domain/loyalty/program/field-problems.ts';
import type { RewardDraft } from '#app/domain/loyalty/program/rewards-draft.ts';
import { useFieldProblems } from './field-problems.tsx';
import { RewardFields } from './reward-fields.tsx';

export interface RewardCardProps {
  /** Of the shop. */
  currency: string;
  hasOtherCurrencies: boolean;
  index: number;
  last: number;
  reward: RewardDraft;
  /** What it is called while it has no name of its own. */
  title: string;
  summary: string;
  isOpen: boolean;
  onToggle: () => void;
  onChange: (change: Partial<RewardDraft>) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** A reward in a line, and its fields once it is opened. */
export function RewardCard({ currency, hasOtherCurrencies, index, last, reward, title, summary, isOpen, onToggle, onChange, onMove, onRemove }: RewardCardProps) {
  const { t } = useTranslation('loyaltyRewards');
  const path = `rewards[${index}]`;
  const isWrong = Object.keys(problemsBelow(useFieldProblems(), path)).length > 0;
  const bodyId = `reward-${reward.id}`;
  return (
    <Card>
      <div role="group" aria-label={title}>
        <BlockStack gap="300">
          <InlineStack gap="300" align="space-between" blockAlign="center" wrap={false}>
            <BlockStack gap="050">
              <InlineStack gap="200" blockAlign="center">
                <Text as="h2" variant="headingSm" breakWord>
                  {title}
                </Text>
                {reward.isOffered ? null : <Badge>{t('notOffered')}</Badge>}
                {isWrong && !isOpen ? <Badge tone="critical">{t('wrong')}</Badge> : null}
              </InlineStack>
              <Text as="p" tone="subdued" breakWord>
                {summary}
              </Text>
            </BlockStack>
            <InlineStack wrap={false} gap="100" blockAlign="center">
              <Button icon={ArrowUpIcon} variant="tertiary" disabled={index === 0} accessibilityLabel={t('moveUp', { name: title })} onClick={() => onMove(-1)} />
              <Button icon={ArrowDownIcon} variant="tertiary" disabled={index === last} accessibilityLabel={t('moveDown', { name: title })} onClick={() => onMove(1)} />
              <Button disclosure={isOpen ? 'up' : 'down'} ariaExpanded={isOpen} ariaControls={bodyId} accessibilityLabel={t(isOpen ? 'closeOf' : 'editOf', { name: title })} onClick={onToggle}>
                {t(isOpen ? 'close' : 'edit')}
              </Button>
            </InlineStack>
          </InlineStack>
          <Collapsible id={bodyId} open={isOpen}>
            {isOpen ? (
              <BlockStack gap="400">
                <Checkbox label={t('isOffered')} helpText={t('isOfferedHelp')} checked={reward.isOffered} onChange={(isOffered) => onChange({ isOffered })} />
                <RewardFields {...{ path, reward, currency, hasOtherCurrencies, onChange }} />
                <InlineStack align="end">
                  <Button icon={DeleteIcon} variant="plain" tone="critical" accessibilityLabel={t('removeOf', { name: title })} onClick={onRemove}>
                    {t('remove')}
                  </Button>
                </InlineStack>
              </BlockStack>
            ) : null}
          </Collapsible>
        </BlockStack>
      </div>
    </Card>
  );
}
