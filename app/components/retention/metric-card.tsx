import { Link } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Popover, Text } from '@shopify/polaris';
import { InfoIcon } from '@shopify/polaris-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import styles from './five-numbers.module.css';
import { MetricExplanation } from './metric-explanation.tsx';
import type { MetricExplanationProps } from './metric-explanation.tsx';

export interface Comparison {
  key: string;
  text: string;
  /** The days it is of. */
  hint: string;
}

export interface MetricCardProps {
  /** Null when there is nothing to divide by. */
  value: string | null;
  allTime: string | null;
  /** Where those are listed whom it is of; null where no list has them. */
  link: string | null;
  comparisons: readonly Comparison[];
  explanation: MetricExplanationProps;
}

export function MetricCard({ value, allTime, link, comparisons, explanation }: MetricCardProps) {
  const { t } = useTranslation('metrics');
  const [isOpen, setIsOpen] = useState(false);
  const none = t('none');
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h3" variant="headingSm">
          {explanation.label}
        </Text>
        <InlineStack align="space-between" blockAlign="center" wrap={false} gap="100">
          <Text as="p" variant="headingLg" numeric breakWord>
            {link === null || value === null ? (value ?? none) : <Link to={link}>{value}</Link>}
          </Text>
          <Popover
            active={isOpen}
            onClose={() => setIsOpen(false)}
            preferredAlignment="right"
            activator={
              <Button
                variant="tertiary"
                size="micro"
                icon={InfoIcon}
                accessibilityLabel={t('explain', { metric: explanation.label })}
                onClick={() => setIsOpen((wasOpen) => !wasOpen)}
              />
            }
          >
            <Popover.Pane>
              <MetricExplanation {...explanation} />
            </Popover.Pane>
          </Popover>
        </InlineStack>
        <Text as="p" variant="bodySm" tone="subdued" numeric>
          {t('allTime', { value: allTime ?? none })}
        </Text>
        {comparisons.length === 0 ? null : (
          <div className={styles['comparisons']}>
            {comparisons.map(({ key, text, hint }) => (
              <div key={key} title={hint}>
                <Text as="p" variant="bodySm" tone="subdued" numeric>
                  {text}
                </Text>
              </div>
            ))}
          </div>
        )}
      </BlockStack>
    </Card>
  );
}
