import { useFetcher, useRevalidator } from '@remix-run/react';
import { useEffect, useRef } from 'react';

import { whileVisible } from '#app/components/while-visible.ts';
import { isImporting } from '#app/domain/sync/import-progress.ts';
import type { ImportProgress } from '#app/domain/sync/import-progress.ts';

const POLL_MS = 1_000;
const IMPORTS_PATH = '/app/imports';

export interface LiveImport {
  progress: ImportProgress;
  isSubmitting: boolean;
  cancel: () => void;
  restart: () => void;
}

/**
 * The import as it is now: asks once a second while one runs and the page is looked at, and loads the page anew when it
 * ends.
 *
 * @param loaded as the page was loaded with it
 */
export function useImport(loaded: ImportProgress): LiveImport {
  const poll = useFetcher<ImportProgress>();
  const action = useFetcher<{ started: boolean }>();
  const { revalidate } = useRevalidator();
  const latest = useLatest(loaded, poll.data);
  const isRunning = isImporting(latest) || latest.resources.length === 0;

  const { load, state } = poll;
  useEffect(() => {
    if (!isRunning || state !== 'idle') return;
    return whileVisible(POLL_MS, () => load(IMPORTS_PATH));
  }, [isRunning, load, state]);

  const wasRunning = useRef(isRunning);
  useEffect(() => {
    if (wasRunning.current && !isRunning) revalidate();
    wasRunning.current = isRunning;
  }, [isRunning, revalidate]);

  const submit = (intent: 'cancel' | 'restart') => action.submit({ intent }, { method: 'post', action: IMPORTS_PATH });
  return {
    progress: latest,
    isSubmitting: action.state !== 'idle',
    cancel: () => submit('cancel'),
    restart: () => submit('restart'),
  };
}

/** Whichever came last: the page's own data, or the answer to the last question. */
function useLatest(loaded: ImportProgress, polled: ImportProgress | undefined): ImportProgress {
  const latest = useRef(loaded);
  const seen = useRef({ loaded, polled });
  if (seen.current.polled !== polled && polled !== undefined) latest.current = polled;
  if (seen.current.loaded !== loaded) latest.current = loaded;
  seen.current = { loaded, polled };
  return latest.current;
}
