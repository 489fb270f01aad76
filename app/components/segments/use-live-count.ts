import { useEffect, useState } from 'react';

import { segmentToQuery } from '#app/domain/segments/segment-query.ts';
import type { Condition, Segment } from '#app/domain/segments/segment.ts';

export interface MemberCount {
  count: number;
  customers: number;
  notKnown: readonly Condition['field'][];
  isPredicting: boolean;
}

export interface LiveCount {
  /** The last that is known; of an earlier rule while `isCounting`. */
  known: MemberCount;
  isCounting: boolean;
  hasFailed: boolean;
}

const TYPING_PAUSE_MS = 250;
/** Until predictions that are being computed may be there. */
const PREDICTING_PAUSE_MS = 2_000;

/** Counts a rule whenever typing pauses. A null rule is not asked about. */
export function useLiveCount(segment: Segment | null, { asOf, initial }: { asOf: string; initial: MemberCount }): LiveCount {
  const query = segment === null ? null : String(new URLSearchParams([['asOf', asOf], ...segmentToQuery(segment)]));
  const [answer, setAnswer] = useState<{ query: string | null; known: MemberCount; hasFailed: boolean }>({ query, known: initial, hasFailed: false });
  const isWaiting = answer.known.isPredicting && answer.known.notKnown.length > 0;
  const isCurrent = answer.query === query && !isWaiting;
  useEffect(() => {
    if (query === null || isCurrent) return;
    const asking = new AbortController();
    const ask = async () => {
      try {
        const known = await fetchCount(query, asking.signal);
        setAnswer({ query, known, hasFailed: false });
      } catch {
        if (!asking.signal.aborted) setAnswer((before) => ({ query, known: { ...before.known, isPredicting: false }, hasFailed: true }));
      }
    };
    const timer = setTimeout(() => void ask(), answer.query === query ? PREDICTING_PAUSE_MS : TYPING_PAUSE_MS);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [query, isCurrent, answer]);
  return { known: answer.known, isCounting: query !== null && !isCurrent, hasFailed: answer.hasFailed && answer.query === query };
}

/** With the token that App Bridge gives to what a page fetches. A failure leaves the page, and what was typed, as it is. */
async function fetchCount(query: string, signal: AbortSignal): Promise<MemberCount> {
  const answer = await fetch(`/app/segments/count?${query}`, { signal });
  if (!answer.ok) throw new Error(`The count answers ${answer.status}`);
  const count: MemberCount | null = await answer.json();
  if (count === null) throw new Error('Nothing is known of the shop');
  return count;
}
