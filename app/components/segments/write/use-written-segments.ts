import { useCallback, useEffect, useState } from 'react';

import { isUnderWay } from '#app/domain/segments/written-segment.ts';
import type { WrittenSegment } from '#app/domain/segments/written-segment.ts';

const LOOK_EVERY_MS = 1_500;

export interface WrittenSegments {
  /** Null until they are there. */
  written: readonly WrittenSegment[] | null;
  hasFailed: boolean;
  reload: () => void;
}

/** What a segment is in Shopify, looked at again and again while something is under way. Null asks nothing. */
export function useWrittenSegments(segmentKey: string | null): WrittenSegments {
  const [answer, setAnswer] = useState<{ of: string; written: readonly WrittenSegment[] | null; hasFailed: boolean } | null>(null);
  const [asked, setAsked] = useState(0);
  const current = answer?.of === segmentKey ? answer : null;
  const isRunning = current?.written?.some(isUnderWay) ?? false;
  useEffect(() => {
    if (segmentKey === null) return;
    const asking = new AbortController();
    const look = async () => {
      try {
        const written = await fetchWritten(segmentKey, asking.signal);
        setAnswer({ of: segmentKey, written, hasFailed: false });
      } catch {
        // One look that failed while it runs is made up for by the next.
        if (!asking.signal.aborted) setAnswer((before) => ({ of: segmentKey, written: before?.of === segmentKey ? before.written : null, hasFailed: true }));
      }
    };
    void look();
    const timer = isRunning ? setInterval(() => void look(), LOOK_EVERY_MS) : undefined;
    return () => {
      clearInterval(timer);
      asking.abort();
    };
  }, [segmentKey, asked, isRunning]);
  const reload = useCallback(() => setAsked((before) => before + 1), []);
  return { written: current?.written ?? null, hasFailed: current?.hasFailed ?? false, reload };
}

/** With the token that App Bridge gives to what a page fetches. */
async function fetchWritten(segmentKey: string, signal: AbortSignal): Promise<WrittenSegment[]> {
  const answer = await fetch(`/app/segments/writes?${new URLSearchParams({ segment: segmentKey })}`, { signal });
  if (!answer.ok) throw new Error(`What is written answers ${answer.status}`);
  const { written }: { written: WrittenSegment[] } = await answer.json();
  return written;
}
