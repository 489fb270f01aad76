import styles from './share-bar.module.css';

/** A share of all, drawn beside its number. */
export function ShareBar({ share }: { share: number }) {
  return (
    <span className={styles['track']} aria-hidden="true">
      <span className={styles['bar']} style={{ inlineSize: `${(share * 100).toFixed(1)}%` }} />
    </span>
  );
}
