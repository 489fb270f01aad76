import { useEffect, useRef, useState } from 'preact/hooks';

import type { AdminSegment, FieldError, GivePointsRequest, PointGift } from '../../../app/contracts/admin-blocks.ts';
import { askAdmin, waitFor } from '../../admin-kit/src/ask-admin.ts';
import { readGift, readGiveAnswer, readSegment } from './view-model.ts';

const LOOK_AGAIN_MS = 2000;

export interface SegmentState {
  known: 'loading' | AdminSegment;
  /** What is being given, or was. */
  gift: PointGift | null;
  ask: () => void;
  /** What is wrong with it; nothing when it is under way. */
  give: (filled: Pick<GivePointsRequest, 'points' | 'reason' | 'requestKey'>) => Promise<FieldError[]>;
}

/** What is known of the segment, and of the points that are given to it. */
export function useSegment(segmentId: string): SegmentState {
  const [known, setKnown] = useState<'loading' | AdminSegment>('loading');
  const [gift, setGift] = useState<PointGift | null>(null);
  const page = useRef(new AbortController());

  const follow = async (begun: PointGift): Promise<void> => {
    const { signal } = page.current;
    for (let latest = begun; ; ) {
      setGift(latest);
      if (latest.state !== 'giving') return;
      await waitFor(LOOK_AGAIN_MS, signal);
      if (signal.aborted) return;
      const reply = await askAdmin(`/api/admin/gift?id=${latest.giftId}`, { signal });
      // Refused, it would be refused again.
      if (signal.aborted || reply.kind === 'refused') return;
      latest = readGift(reply) ?? latest;
    }
  };
  const ask = async (): Promise<void> => {
    const { signal } = page.current;
    setKnown('loading');
    const segment = readSegment(await askAdmin(`/api/admin/segment?id=${encodeURIComponent(segmentId)}`, { signal }));
    if (signal.aborted) return;
    setKnown(segment);
    if (segment.state === 'known' && segment.underWay !== null) void follow(segment.underWay);
  };
  useEffect(() => {
    void ask();
    return () => page.current.abort();
  }, []);
  return {
    known,
    gift,
    ask: () => void ask(),
    give: async (filled) => {
      const { signal } = page.current;
      const answer = readGiveAnswer(await askAdmin('/api/admin/gifts', { body: { segmentId, ...filled }, signal }));
      if (answer.state === 'refused') return answer.errors;
      void follow(answer.gift);
      return [];
    },
  };
}
