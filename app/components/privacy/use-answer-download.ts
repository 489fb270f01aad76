import { useState } from 'react';

import { keepFile } from '#app/components/files/keep-file.ts';

const ANSWERS_PATH = '/app/privacy-answers';

export interface AnswerDownload {
  /** Of which request, in which format; null while nothing is under way. */
  underWay: string | null;
  hasFailed: boolean;
  start: (webhookId: string, format: 'json' | 'page', language: string) => void;
}

/**
 * Fetches an answer and gives it to the browser as a file. A plain link would not do: inside the admin only what App
 * Bridge sends carries a token.
 */
export function useAnswerDownload(onDone: () => void): AnswerDownload {
  const [underWay, setUnderWay] = useState<string | null>(null);
  const [hasFailed, setHasFailed] = useState(false);
  const download = async (webhookId: string, format: 'json' | 'page', language: string): Promise<void> => {
    setUnderWay(`${webhookId} ${format}`);
    setHasFailed(false);
    try {
      const response = await fetch(ANSWERS_PATH, { method: 'POST', body: new URLSearchParams({ webhookId, format, language }) });
      if (!response.ok) throw new Error(`The file answered ${response.status}`);
      const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? 'customer-data';
      keepFile(await response.blob(), name);
      onDone();
    } catch {
      setHasFailed(true);
    } finally {
      setUnderWay(null);
    }
  };
  return { underWay, hasFailed, start: (...request) => void download(...request) };
}
