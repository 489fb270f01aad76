import { useEffect, useState } from 'react';

/** How many belong to the segment of a query as of now; null while it is being counted. A null query is not asked about. */
export function useMemberCount(query: string | null): { count: number | null; isNothingKnown: boolean; hasFailed: boolean } {
  const [answer, setAnswer] = useState<{ of: string; count: number | null; isNothingKnown: boolean } | null>(null);
  useEffect(() => {
    if (query === null) return;
    const asking = new AbortController();
    const ask = async () => {
      try {
        const found = await fetch(`/app/segments/count?${query}`, { signal: asking.signal });
        const told: { count: number; notKnown: readonly string[] } | null = found.ok ? await found.json() : null;
        setAnswer({ of: query, count: told?.count ?? null, isNothingKnown: told !== null && told.notKnown.length > 0 });
      } catch {
        if (!asking.signal.aborted) setAnswer({ of: query, count: null, isNothingKnown: false });
      }
    };
    void ask();
    return () => asking.abort();
  }, [query]);
  const current = answer?.of === query ? answer : null;
  return { count: current?.count ?? null, isNothingKnown: current?.isNothingKnown ?? false, hasFailed: current !== null && current.count === null };
}
