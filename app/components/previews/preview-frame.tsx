import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';

import { directionOf } from '#app/domain/texts/surfaces.ts';
import type { ShopperLocale } from '#app/domain/texts/surfaces.ts';
import styles from './preview.module.css';

interface PreviewFrameProps {
  /** What is previewed, for those who do not see it. */
  label: string;
  locale: ShopperLocale;
  children: ReactNode;
}

/**
 * A phone's screen in the shoppers' language and direction. It is drawn in the browser alone, whose dates and amounts in
 * fifteen languages need not be letter by letter those of the server's.
 */
export function PreviewFrame({ label, locale, children }: PreviewFrameProps) {
  const [isInBrowser, setIsInBrowser] = useState(false);
  useEffect(() => setIsInBrowser(true), []);
  return (
    // It scrolls, so the keyboard must reach it.
    <div role="region" aria-label={label} tabIndex={0} className={styles['screen']} lang={locale} dir={directionOf(locale)}>
      {isInBrowser ? children : null}
    </div>
  );
}
