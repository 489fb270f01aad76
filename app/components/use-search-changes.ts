import { useSearchParams } from '@remix-run/react';
import { useCallback } from 'react';

import { changeSearch } from './change-search.ts';
import type { SearchChanges } from './change-search.ts';

/** Sets what a page's address asks for, and takes out what is null; the page stays where it was scrolled to. */
export function useSearchChanges(): (changes: SearchChanges) => void {
  const [, setSearch] = useSearchParams();
  return useCallback(
    (changes) =>
      setSearch(
        (search) => changeSearch(search, changes),
        { preventScrollReset: true, replace: true },
      ),
    [setSearch],
  );
}
