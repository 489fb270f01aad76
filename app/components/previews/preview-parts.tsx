import type { ReactNode } from 'react';

import type { ShopperWording } from '#app/domain/texts/shopper-wording.ts';
import styles from './preview.module.css';

// What Shopify draws from the elements of an extension, as plain HTML. Nothing here can be pressed: it shows what is said.

export function Section({ heading, children }: { heading?: string; children: ReactNode }) {
  return (
    <div className={styles['card']}>
      {heading === undefined ? null : <h4 className={styles['heading']}>{heading}</h4>}
      {children}
    </div>
  );
}

export function Stack({ children }: { children: ReactNode }) {
  return <div className={styles['stack']}>{children}</div>;
}

export function Tight({ children }: { children: ReactNode }) {
  return <div className={styles['tight']}>{children}</div>;
}

export function Row({ children }: { children: ReactNode }) {
  return <div className={styles['row']}>{children}</div>;
}

/** One thing at each end of the line. */
export function Apart({ children }: { children: ReactNode }) {
  return <div className={styles['apart']}>{children}</div>;
}

type Look = 'title' | 'heading' | 'subdued' | 'strong' | 'badge' | 'notice' | 'link' | 'launcher' | 'skeleton';

export function Say({ look, children }: { look?: Look; children: ReactNode }) {
  return <p className={look === undefined ? undefined : styles[look]}>{children}</p>;
}

export function Inline({ look, children }: { look?: Look; children: ReactNode }) {
  return <span className={look === undefined ? undefined : styles[look]}>{children}</span>;
}

export function Heading({ children }: { children: ReactNode }) {
  return <h4 className={styles['heading']}>{children}</h4>;
}

export function Title({ children }: { children: ReactNode }) {
  return <h3 className={styles['title']}>{children}</h3>;
}

export function Divider() {
  return <hr className={styles['divider']} />;
}

export function ButtonLike({ isWide = false, children }: { isWide?: boolean; children: ReactNode }) {
  return <span className={`${styles['button']} ${isWide ? styles['fill'] : ''}`}>{children}</span>;
}

export function CodeWithCopy({ code, wording, keys = 'copy' }: { code: string; wording: ShopperWording; keys?: string }) {
  return (
    <Row>
      <bdi className={styles['code']}>{code}</bdi>
      <ButtonLike>{wording.say(keys)}</ButtonLike>
    </Row>
  );
}

export function Progress({ value, label }: { value: number; label: string }) {
  return <progress className={styles['progress']} value={value} max={1} aria-label={label} />;
}
