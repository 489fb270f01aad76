import { BlockStack, Button, InlineStack } from '@shopify/polaris';
import { useDeferredValue, useId, useState } from 'react';
import type { ReactNode } from 'react';

export interface ChartWithTableProps {
  chart: ReactNode;
  table: ReactNode;
  showLabel: string;
  hideLabel: string;
}

/** A chart, and its numbers for who asks. */
export function ChartWithTable({ chart, table, showLabel, hideLabel }: ChartWithTableProps) {
  const [isOpen, setIsOpen] = useState(false);
  // The button answers at once, and a long table as soon as it is drawn.
  const isTableShown = useDeferredValue(isOpen);
  const id = useId();
  return (
    <BlockStack gap="300">
      {chart}
      <InlineStack>
        <Button onClick={() => setIsOpen(!isOpen)} ariaExpanded={isOpen} ariaControls={id}>
          {isOpen ? hideLabel : showLabel}
        </Button>
      </InlineStack>
      {isTableShown ? <div id={id}>{table}</div> : null}
    </BlockStack>
  );
}
