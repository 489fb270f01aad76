import { Badge, BlockStack, Button, Card, Collapsible, InlineStack, Text } from '@shopify/polaris';
import { ArrowDownIcon, ArrowUpIcon, DeleteIcon } from '@shopify/polaris-icons';
import { useTranslation } from 'react-i18next';

import { useHasProblem } from './offer-problems.tsx';
import type { RuleFieldsProps } from './rule-conditions.tsx';
import { RuleFields } from './rule-fields.tsx';

export interface RuleCardProps extends RuleFieldsProps {
  index: number;
  last: number;
  title: string;
  summary: string;
  /** The rule above because of which this one is never reached. */
  coveredBy: string | null;
  isOpen: boolean;
  onToggle: () => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** A rule in a line, and its fields once it is opened. */
export function RuleCard(props: RuleCardProps) {
  const { path, rule, index, title, summary, coveredBy, isOpen } = props;
  const { t } = useTranslation('offers');
  const isWrong = useHasProblem(`${path}.`);
  return (
    <Card>
      <div role="group" aria-label={title}>
        <BlockStack gap="300">
          <InlineStack gap="300" align="space-between" blockAlign="center" wrap={false}>
            <BlockStack gap="050">
              <InlineStack gap="200" align="start" blockAlign="center">
                <Text as="h3" variant="headingSm" breakWord>
                  {t('rules.number', { place: String(index + 1), name: title })}
                </Text>
                {rule.isEnabled ? null : <Badge>{t('rules.off')}</Badge>}
                {isWrong && !isOpen ? <Badge tone="critical">{t('rules.wrong')}</Badge> : null}
              </InlineStack>
              <Text as="p" tone="subdued" breakWord>
                {summary}
              </Text>
              {coveredBy === null ? null : (
                <Text as="p" tone="caution" breakWord>
                  {t('rules.covered', { name: coveredBy })}
                </Text>
              )}
            </BlockStack>
            <Buttons {...props} />
          </InlineStack>
          <Collapsible id={bodyIdOf(rule.ruleId)} open={isOpen}>
            {isOpen ? <Body {...props} /> : null}
          </Collapsible>
        </BlockStack>
      </div>
    </Card>
  );
}

function bodyIdOf(ruleId: string): string {
  return `rule-${ruleId}`;
}

function Buttons({ index, last, title, rule, isOpen, onMove, onToggle }: RuleCardProps) {
  const { t } = useTranslation('offers');
  return (
    // Words in Chinese can be broken anywhere, so they would give way to the summary.
    <div style={{ flexShrink: 0 }}>
      <InlineStack wrap={false} gap="100" blockAlign="center">
        <Button icon={ArrowUpIcon} variant="tertiary" disabled={index === 0} accessibilityLabel={t('rules.moveUp', { name: title })} onClick={() => onMove(-1)} />
        <Button icon={ArrowDownIcon} variant="tertiary" disabled={index === last} accessibilityLabel={t('rules.moveDown', { name: title })} onClick={() => onMove(1)} />
        <Button
          disclosure={isOpen ? 'up' : 'down'}
          ariaExpanded={isOpen}
          ariaControls={bodyIdOf(rule.ruleId)}
          accessibilityLabel={t(isOpen ? 'rules.closeOf' : 'rules.editOf', { name: title })}
          onClick={onToggle}
        >
          {t(isOpen ? 'rules.close' : 'rules.edit')}
        </Button>
      </InlineStack>
    </div>
  );
}

function Body({ title, onRemove, ...fields }: RuleCardProps) {
  const { t } = useTranslation('offers');
  return (
    <BlockStack gap="400">
      <RuleFields {...fields} />
      <InlineStack align="end">
        <Button icon={DeleteIcon} variant="plain" tone="critical" accessibilityLabel={t('rules.removeOf', { name: title })} onClick={onRemove}>
          {t('rules.remove')}
        </Button>
      </InlineStack>
    </BlockStack>
  );
}
