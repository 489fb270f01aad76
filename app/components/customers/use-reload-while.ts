import { useRevalidator } from '@remix-run/react';
import { useEffect } from 'react';

import { whileVisible } from '#app/components/while-visible.ts';

const POLL_MS = 2_000;

/** Loads the page anew while it is looked at and something of it is being computed. */
export function useReloadWhile(isComputing: boolean): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (!isComputing || state !== 'idle') return;
    return whileVisible(POLL_MS, revalidate);
  }, [isComputing, revalidate, state]);
}
