import { useFetcher } from '@remix-run/react';
import { Badge, Banner, BlockStack, Card, InlineStack, List, Text } from '@shopify/polaris';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

export interface FreeShippingNow {
  phase: 'not-live' | 'ending' | 'making' | 'in-force' | 'refused' | 'too-many' | 'by-hand';
  trouble: 'unavailable' | 'access' | 'scope' | 'refused' | null;
  tags: string[];
}

export interface RenewalAnswer {
  readonly outcome: 'asked' | 'refused';
}

/** The same, with the button that has it made again. */
export function FreeShippingStatus({ freeShipping }: { freeShipping: FreeShippingNow }) {
  const { t } = useTranslation('loyaltyTiers');
  const { submit, data, state } = useFetcher<RenewalAnswer>();
  const seen = useRef<RenewalAnswer | undefined>(undefined);
  useEffect(() => {
    if (data === undefined || data === seen.current) return;
    seen.current = data;
    window.shopify.toast.show(t(`freeShippingNow.${data.outcome}`), { isError: data.outcome === 'refused' });
  }, [data, t]);
  const renew = () => submit({ intent: 'renew-free-shipping' }, { method: 'post', action: '/app/loyalty/tiers' });
  return <FreeShippingCard freeShipping={freeShipping} isAsking={state !== 'idle'} onRenew={renew} />;
}

interface FreeShippingCardProps {
  freeShipping: FreeShippingNow;
  isAsking: boolean;
  onRenew: () => void;
}

/** Whether the free shipping of tiers is in force, and why not. */
export function FreeShippingCard({ freeShipping: { phase, trouble, tags }, isAsking, onRenew }: FreeShippingCardProps) {
  const { t } = useTranslation('loyaltyTiers');
  const isInForce = phase === 'in-force';
  const isStopped = phase === 'refused' || phase === 'too-many' || phase === 'by-hand';
  const text = t(`freeShippingNow.phases.${phase}`);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t('freeShippingNow.title')}
          </Text>
          {isInForce ? <Badge tone="success">{t('freeShippingNow.inForce')}</Badge> : <Badge tone="attention">{t('freeShippingNow.notInForce')}</Badge>}
        </InlineStack>
        {isStopped ? (
          <Banner tone="warning" action={{ content: t('freeShippingNow.renew'), onAction: onRenew, loading: isAsking }}>
            {text}
          </Banner>
        ) : (
          <Text as="p">{text}</Text>
        )}
        {trouble === null ? null : <Banner tone="warning">{t(`freeShippingNow.troubles.${trouble}`)}</Banner>}
        {isInForce ? (
          <>
            <List>
              {tags.map((tag) => (
                <List.Item key={tag}>{tag}</List.Item>
              ))}
            </List>
            <Text as="p" tone="subdued">
              {t('freeShippingNow.note')}
            </Text>
          </>
        ) : null}
      </BlockStack>
    </Card>
  );
}
