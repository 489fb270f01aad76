import { BlockStack, Button, Card, Text } from '@shopify/polaris';

export interface AwaitedCardProps {
  title: string;
  text: string;
  /** What leads to the overview, where the first import is followed. */
  action: string;
}

/** In place of numbers that the first import has yet to bring. */
export function AwaitedCard({ title, text, action }: AwaitedCardProps) {
  return (
    <Card>
      <BlockStack gap="300" inlineAlign="start">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        <Text as="p">{text}</Text>
        <Button url="/app">{action}</Button>
      </BlockStack>
    </Card>
  );
}
