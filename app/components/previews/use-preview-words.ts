import { useFetcher } from '@remix-run/react';
import { useEffect } from 'react';

import type { ShopperLocale, Surface } from '#app/domain/texts/surfaces.ts';
import type { Words } from '#app/domain/texts/surface-words.ts';

export interface WordsAnswer {
  surface: Surface;
  locale: ShopperLocale;
  ours: Words;
  own: Words;
}

/** What a surface says in one language, ours and the merchant's own, asked for when it is looked at. */
export function usePreviewWords(surface: Surface, locale: ShopperLocale): WordsAnswer | 'asking' | 'silent' {
  const { load, data, state } = useFetcher<WordsAnswer | null>();
  useEffect(() => {
    load(`/app/texts/words?${new URLSearchParams({ surface, language: locale }).toString()}`);
  }, [load, surface, locale]);
  if (data?.surface === surface && data.locale === locale) return data;
  return state === 'idle' && data === null ? 'silent' : 'asking';
}
