import { useSearchParams } from '@remix-run/react';
import { useCallback } from 'react';

/** Sets what a page's address asks for, and takes out what is null; the page stays where it was scrolled to. */
export function useSearchChanges(): (changes: Readonly<Record<string, string | null>>) => void {
  const [, setSearch] = useSearchParams();
  return useCallback(
    (changes) =>
      setSearch(
        (search) => {
          for (const [name, value] of Object.entries(changes)) {
            if (value === null) search.delete(name);
            else search.set(name, value);
          }
          return search;
        },
        { preventScrollReset: true, replace: true },
      ),
    [setSearch],
  );
}
