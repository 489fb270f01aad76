import { BlockStack, Card, InlineGrid, Text } from '@shopify/polaris';
import type { ReactNode } from 'react';

export interface SectionCardProps {
  title: string;
  text: string;
  /** Beside the title; below it where there is no room. */
  control?: ReactNode;
  /** How it is counted, and what to beware of. */
  notes: readonly string[];
  children: ReactNode;
}

/** One subject of a page: what it tells in a sentence, the numbers, and how they are counted. */
export function SectionCard({ title, text, control, notes, children }: SectionCardProps) {
  return (
    <Card>
      <BlockStack gap="400">
        <InlineGrid columns={{ xs: 1, md: control === undefined ? 1 : '1fr auto' }} gap="300">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              {title}
            </Text>
            <Text as="p" tone="subdued">
              {text}
            </Text>
          </BlockStack>
          {control}
        </InlineGrid>
        {children}
        <BlockStack gap="200">
          {notes.map((note) => (
            <Text as="p" variant="bodySm" tone="subdued" key={note}>
              {note}
            </Text>
          ))}
        </BlockStack>
      </BlockStack>
    </Card>
  );
}
