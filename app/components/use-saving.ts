import { useFetcher } from '@remix-run/react';
import { useEffect } from 'react';

/** What saving a page of settings comes to. */
export interface Saved {
  outcome: 'saved' | 'failed';
}

export interface Saving {
  isSaving: boolean;
  hasFailed: boolean;
  save: (fields: Record<string, string>) => void;
}

/** @param savedWords said in passing once it is saved */
export function useSaving(savedWords: string): Saving {
  const fetcher = useFetcher<Saved>();
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  useEffect(() => {
    if (result?.outcome === 'saved') window.shopify.toast.show(savedWords);
  }, [result, savedWords]);
  return {
    isSaving: fetcher.state !== 'idle',
    hasFailed: result?.outcome === 'failed',
    save: (fields) => fetcher.submit(fields, { method: 'post' }),
  };
}
