import { useTranslation } from 'react-i18next';

import type { AxisPlace } from '#app/domain/retention/advice/store-standing.ts';
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
}

/** The places that what is known leaves open: one, two or all four. */
export function placesOf({ orderValue, comingBack }: StandingMatrixProps): Place[] {
  return PLACES.filter(
    (place) =>
      (orderValue === null || place.startsWith('large') === orderValue.isHigh) && (comingBack === null || place.endsWith('Often') === comingBack.isHigh),
  );
}

/** A small picture of where the store is; the table below it has the numbers. */
export function StandingMatrix(props: StandingMatrixProps) {
  const { orderValue, comingBack } = props;
  const { t } = useTranslation('standing');
  const open = placesOf(props);
  const names = open.length === PLACES.length ? t('pictureUnknown') : open.map((place) => t(`places.${place}`)).join(' / ');
  return (
    <div className={styles['matrix']} role="img" aria-label={t('picture', { place: names })}>
      {PLACES.map((place) => (
        <div key={place} className={open.length < PLACES.length && open.includes(place) ? `${styles['square']} ${styles['here']}` : styles['square']}>
          {t(`places.${place}`)}
        </div>
      ))}
      {orderValue === null || comingBack === null ? null : (
        <span className={styles['dot']} style={{ insetInlineStart: `${percentOf(comingBack)}%`, insetBlockStart: `${100 - percentOf(orderValue)}%` }} />
      )}
    </div>
  );
}

/** By the logarithm: half the line is as far from it as twice the line. */
function percentOf({ measured, anchor }: AxisPlace): number {
  const steps = Math.max(-WIDEST, Math.min(WIDEST, Math.log2(measured / anchor)));
  return 50 + (steps / WIDEST) * (50 - MARGIN);
}
