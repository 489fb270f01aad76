import { useFetcher } from '@remix-run/react';
import { useEffect } from 'react';

/** What saving a page of settings comes to; `refused` names what is wrong with which field. */
export type Saved<Problems = never> = { outcome: 'saved' } | { outcome: 'failed' } | { outcome: 'refused'; problems: Problems };

interface Answered<Answer> {
  state: string;
  data: Answer | undefined;
}

/**
 * What came of the last try, once there is an answer.
 *
 * @param savedWords said in passing when it is saved
 */
export function useSavingAnswer<Answer extends { outcome: string }>({ state, data }: Answered<Answer>, savedWords: string): Answer | undefined {
  const answer = state === 'idle' ? data : undefined;
  useEffect(() => {
    if (answer?.outcome === 'saved') window.shopify.toast.show(savedWords);
  }, [answer, savedWords]);
  return answer;
}

export interface Saving {
  isSaving: boolean;
  hasFailed: boolean;
  save: (fields: Record<string, string>) => void;
}

/** For a page on which nothing can be wrong with a field. */
export function useSaving(savedWords: string): Saving {
  const fetcher = useFetcher<Saved>();
  const answer = useSavingAnswer(fetcher, savedWords);
  return {
    isSaving: fetcher.state !== 'idle',
    hasFailed: answer?.outcome === 'failed',
    save: (fields) => fetcher.submit(fields, { method: 'post' }),
  };
}
