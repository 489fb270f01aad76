import { useState } from 'react';

import { keepFile } from './keep-file.ts';

export interface Download {
  readonly isLoading: boolean;
  download: (address: string, name: string) => Promise<void>;
}

/**
 * Fetches a file and does not link to it: App Bridge gives its token to what a page fetches, and a link would bring none.
 *
 * @param failed said where there is no file, unless the answer says in words why
 */
export function useDownload(failed: string): Download {
  const [isLoading, setIsLoading] = useState(false);
  const download = async (address: string, name: string) => {
    setIsLoading(true);
    try {
      const answer = await fetch(address);
      if (answer.ok) keepFile(await answer.blob(), name);
      else window.shopify.toast.show((await saidBy(answer)) ?? failed, { isError: true });
    } catch {
      window.shopify.toast.show(failed, { isError: true });
    } finally {
      setIsLoading(false);
    }
  };
  return { isLoading, download };
}

async function saidBy(answer: Response): Promise<string | null> {
  const isSaid = (answer.headers.get('Content-Type') ?? '').startsWith('text/plain');
  return isSaid ? await answer.text() : null;
}
