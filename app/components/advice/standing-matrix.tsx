import { Link } from '@remix-run/react';
import { useTranslation } from 'react-i18next';

import { customersLink } from '#app/components/customers-link.ts';
import type { AxisPlace } from '#app/domain/retention/advice/store-standing.ts';
import type { Condition } from '#app/domain/segments/segment.ts';
import styles from './standing-matrix.module.css';

export const PLACES = ['largeSeldom', 'largeOften', 'smallSeldom', 'smallOften'] as const;

export type Place = (typeof PLACES)[number];

/** From a quarter to four times the line: further out the dot stays at the edge. */
const WIDEST = 2;
/** The dot keeps so far from the edge, in percent. */
const MARGIN = 6;

export interface StandingMatrixProps {
  orderValue: AxisPlace | null;
  comingBack: AxisPlace | null;
  asOf: string;
}

/** The places that what is known leaves open: one, two or all four. */
export function placesOf({ orderValue, comingBack }: Pick<StandingMatrixProps, 'orderValue' | 'comingBack'>): Place[] {
  return PLACES.filter(
    (place) =>
      (orderValue === null || place.startsWith('large') === orderValue.isHigh) && (comingBack === null || place.endsWith('Often') === comingBack.isHigh),
  );
}

/**
 * A small picture of where the store is; the table below it has the numbers. Each square leads to the customers who buy so
 * themselves, where there is a line between large and small.
 */
export function StandingMatrix(props: StandingMatrixProps) {
  const { orderValue, comingBack, asOf } = props;
  const { t } = useTranslation('standing');
  const open = placesOf(props);
  const names = open.length === PLACES.length ? t('pictureUnknown') : open.map((place) => t(`places.${place}`)).join(' / ');
  return (
    <div className={styles['matrix']} role="group" aria-label={t('picture', { place: names })}>
      {PLACES.map((place) => (
        <div key={place} className={open.length < PLACES.length && open.includes(place) ? `${styles['square']} ${styles['here']}` : styles['square']}>
          <Square name={t(`places.${place}`)} link={orderValue === null ? null : customersLink({ asOf }, conditionsOf(place, orderValue))} />
        </div>
      ))}
      {orderValue === null || comingBack === null ? null : (
        <span className={styles['dot']} style={{ insetInlineStart: `${percentOf(comingBack)}%`, insetBlockStart: `${100 - percentOf(orderValue)}%` }} />
      )}
    </div>
  );
}

function Square({ name, link }: { name: string; link: string | null }) {
  const { t } = useTranslation('standing');
  if (link === null) return name;
  return (
    <Link to={link} aria-label={t('customersOf', { place: name })}>
      {name}
    </Link>
  );
}

/** Whose average order is on that side of the store's line, and who came back or did not. */
function conditionsOf(place: Place, { anchor }: AxisPlace): Condition[] {
  const value = place.startsWith('large') ? { from: anchor, to: null } : { from: null, to: anchor - 1 };
  const orders = place.endsWith('Often') ? { from: 2, to: null } : { from: 1, to: 1 };
  return [
    { kind: 'range', field: 'averageOrderMinor', ...value },
    { kind: 'range', field: 'orders', ...orders },
  ];
}

/** By the logarithm: half the line is as far from it as twice the line. */
function percentOf({ measured, anchor }: AxisPlace): number {
  const steps = Math.max(-WIDEST, Math.min(WIDEST, Math.log2(measured / anchor)));
  return 50 + (steps / WIDEST) * (50 - MARGIN);
}
