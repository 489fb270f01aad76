import { BlockStack, Card, Link, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import styles from './customer-detail.module.css';

export interface TimelineOrder {
  id: string;
  name: string;
  day: string;
  valueMinor: number | null;
  whyNot: 'test' | 'deleted' | 'cancelled' | 'refunded' | 'unknownState' | 'otherCurrency' | null;
  daysSincePrevious: number | null;
  refunds: readonly { day: string | null; amountMinor: number }[];
  currency: string;
  cancelledOn: string | null;
  discountCode: string | null;
  products: readonly { title: string; quantity: number }[];
}

export interface CustomerTimelineProps {
  orders: readonly TimelineOrder[];
  ordersHeld: number;
  currency: string;
  /** Of the first order that counts. */
  firstOrder: string | null;
  /** What the value of an order is, in words. */
  worth: string;
}

/** More titles than this make one order longer than the screen of a phone. */
const TITLES_SHOWN = 5;

/** The orders, latest first: what each is worth or why it does not count, the time between them, and what went back. */
export function CustomerTimeline({ orders, ordersHeld, currency, firstOrder, worth }: CustomerTimelineProps) {
  const { t } = useTranslation('customers');
  const formats = useFormats();
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t('timeline.title')}
          </Text>
          <Text as="p" variant="bodySm" tone="subdued">
            {t('timeline.value', { worth })}
          </Text>
        </BlockStack>
        <ol className={styles['timeline']}>
          {orders.map((order) => (
            <OrderEvent key={order.id} order={order} currency={currency} isFirst={order.whyNot === null && order.daysSincePrevious === null && order.day === firstOrder} />
          ))}
        </ol>
        {ordersHeld > orders.length ? (
          <Text as="p" tone="subdued">
            {t('timeline.more', { number: formats.count(orders.length), all: formats.count(ordersHeld) })}
          </Text>
        ) : null}
      </BlockStack>
    </Card>
  );
}

function OrderEvent({ order, currency, isFirst }: { order: TimelineOrder; currency: string; isFirst: boolean }) {
  const { t } = useTranslation('customers');
  const formats = useFormats();
  const { daysSincePrevious, whyNot, products } = order;
  const notes = [
    ...(isFirst ? [t('timeline.first')] : []),
    ...(daysSincePrevious === null ? [] : [t('timeline.gap', { count: daysSincePrevious, number: formats.count(daysSincePrevious) })]),
    ...(order.discountCode === null ? [] : [t('timeline.code', { code: order.discountCode })]),
    ...(order.cancelledOn === null ? [] : [t('timeline.cancelled', { date: formats.day(order.cancelledOn) })]),
    ...order.refunds.map(({ day, amountMinor }) => {
      const amount = formats.money(amountMinor, order.currency);
      return day === null ? t('timeline.refundedSomeDay', { amount }) : t('timeline.refunded', { amount, date: formats.day(day) });
    }),
  ];
  const titles = products.slice(0, TITLES_SHOWN).map(({ title, quantity }) => (quantity === 1 ? title : t('timeline.pieces', { title, number: formats.count(quantity) })));
  return (
    <li className={whyNot === null ? styles['counts'] : undefined}>
      <div className={styles['line']}>
        <Text as="span" fontWeight="semibold">
          <Link url={`shopify://admin/orders/${order.id}`} target="_top" removeUnderline>
            {order.name === '' ? t('timeline.unnamed') : order.name}
          </Link>{' '}
          <Text as="span" tone="subdued" fontWeight="regular">
            {formats.day(order.day)}
          </Text>
        </Text>
        <Text as="span" numeric tone={whyNot === null ? undefined : 'subdued'}>
          {order.valueMinor === null ? (whyNot === null ? '–' : t(`timeline.whyNot.${whyNot}`)) : formats.money(order.valueMinor, currency)}
        </Text>
      </div>
      {titles.length === 0 ? null : (
        <Text as="p" variant="bodySm">
          <span className={styles['titles']}>
            {titles.join(' · ')}
            {products.length > TITLES_SHOWN ? ` · ${t('timeline.moreProducts', { number: formats.count(products.length - TITLES_SHOWN) })}` : ''}
          </span>
        </Text>
      )}
      {notes.map((note) => (
        <Text key={note} as="p" variant="bodySm" tone="subdued">
          {note}
        </Text>
      ))}
    </li>
  );
}
