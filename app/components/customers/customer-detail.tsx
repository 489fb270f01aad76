import { BlockStack, Card, DataTable, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { Inset } from '#app/components/inset.tsx';
import { AsOfField } from '#app/components/retention/as-of-field.tsx';
import { useCountingWords } from '#app/components/retention/use-counting-words.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import styles from './customer-detail.module.css';
import { CustomerTimeline } from './customer-timeline.tsx';
import type { TimelineOrder } from './customer-timeline.tsx';
import { useReasons } from './use-reasons.ts';
import type { FactsShown, Reason } from './use-reasons.ts';

export interface CustomerDetailProps extends FactsShown {
  asOf: string;
  today: string;
  timeZone: string;
  counting: OrderCounting;
  firstOrder: string | null;
  orders: readonly TimelineOrder[];
  ordersHeld: number;
  products: readonly { title: string; quantity: number; orders: number; lastDay: string }[];
  onAsOf: (asOf: string) => void;
}

/** What is known of one customer: each fact with its why, the orders, and what was bought. */
export function CustomerDetail(props: CustomerDetailProps) {
  const { row, asOf, today, timeZone, orders, ordersHeld, products, currency, firstOrder, onAsOf } = props;
  const { t } = useTranslation('customers');
  const formats = useFormats();
  const reasons = useReasons(props);
  const { worth, leftOut } = useCountingWords(props.counting);
  return (
    <BlockStack gap="400">
      <Inset>
        <AsOfField asOf={asOf} today={today} onChange={onAsOf} />
      </Inset>
      <Card>
        <BlockStack gap="400">
          <Text as="h2" variant="headingMd">
            {t('why.title')}
          </Text>
          {row === null ? (
            <Text as="p">{t('why.noOrders')}</Text>
          ) : (
            <dl className={styles['facts']}>
              <FactWithWhy
                term={t('columns.spent')}
                value={formats.money(row.spentMinor, currency)}
                why={[t('orders', { count: row.orders, number: formats.count(row.orders) })]}
              />
              {reasons.map((reason) => (
                <FactWithWhy key={reason.term} {...reason} />
              ))}
            </dl>
          )}
          <Text as="p" variant="bodySm" tone="subdued">
            {t('basis', { asOf: formats.day(asOf), timeZone, leftOut, worth })}
          </Text>
        </BlockStack>
      </Card>
      {orders.length === 0 ? null : <CustomerTimeline {...{ orders, ordersHeld, currency, firstOrder, worth }} />}
      {products.length === 0 ? null : (
        <Card>
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              {t('products.title')}
            </Text>
            <DataTable
              columnContentTypes={['text', 'numeric', 'numeric', 'text']}
              headings={[t('products.product'), t('products.orders'), t('products.pieces'), t('products.last')]}
              rows={products.map(({ title, quantity, orders: ordersOfIt, lastDay }) => [
                title === '' ? t('notKnown') : title,
                formats.count(ordersOfIt),
                formats.count(quantity),
                formats.day(lastDay),
              ])}
            />
          </BlockStack>
        </Card>
      )}
    </BlockStack>
  );
}

/** What is being worked out has its room already, so that nothing moves when it comes. */
function FactWithWhy({ term, value, why, comes = [] }: Reason) {
  return (
    <div className={styles['fact']}>
      <dt>{term}</dt>
      <dd>
        <Text as="p" variant="headingLg">
          {value}
        </Text>
        {comes.length === 0 ? (
          <Lines lines={why} />
        ) : (
          <div className={styles['room']}>
            <div aria-hidden="true" className={styles['unseen']}>
              <Lines lines={comes} />
            </div>
            <div>
              <Lines lines={why} />
            </div>
          </div>
        )}
      </dd>
    </div>
  );
}

function Lines({ lines }: { lines: readonly string[] }) {
  return lines.map((line) => (
    <Text key={line} as="p" variant="bodySm" tone="subdued">
      {line}
    </Text>
  ));
}
