import { useRevalidator } from '@remix-run/react';
import { useEffect } from 'react';

import { whileVisible } from '#app/components/while-visible.ts';

const REFRESH_MS = 30_000;

/**
 * Loads the page anew every half minute while it is looked at, and at once when it is looked at again.
 *
 * @param isPaused while something else keeps the page fresh
 */
export function useFreshNumbers(isPaused: boolean): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (isPaused || state !== 'idle') return;
    let stop = () => {};
    let isCurrent = true;
    const wait = () => {
      stop = whileVisible(REFRESH_MS, () => void refresh(), 0);
    };
    const refresh = async () => {
      stop();
      const isThere = await isReachable();
      if (!isCurrent) return;
      // A load that ends at once leaves no trace in `state`, so the next wait begins here.
      wait();
      if (isThere) revalidate();
    };
    wait();
    return () => {
      isCurrent = false;
      stop();
    };
  }, [isPaused, revalidate, state]);
}

/** Asked first, because a page that could not be loaded anew gives way to an error, and nobody asked for it. */
async function isReachable(): Promise<boolean> {
  try {
    return (await fetch('/healthz')).ok;
  } catch {
    return false;
  }
}
