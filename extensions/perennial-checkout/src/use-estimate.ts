import { useEffect, useMemo, useState } from 'preact/hooks';

import type { EarnEstimateKnown, EstimateRequest } from '../../../app/contracts/earn-estimate.ts';
import { askApp } from '../../shopper-kit/src/ask-app.ts';
import type { AppConnection } from '../../shopper-kit/src/ask-app.ts';
import { connectApp } from '../../shopper-kit/src/connect-app.ts';
import { isRecord } from '../../shopper-kit/src/is-record.ts';
import { readNumber, readTexts, readWord } from '../../shopper-kit/src/read-fields.ts';

/** For the checkout editor. */
const SAMPLE: EarnEstimateKnown = { state: 'known', points: 245, who: 'you', texts: {} };

/** A shopper who changes a quantity by several taps is done by then. */
const QUIET_MS = 400;

interface Place {
  isPreview: boolean;
  /** Null where there is nothing to earn by. */
  request: EstimateRequest | null;
  locale: string;
  /** Asked anew once it is somebody else. */
  customerId: string | undefined;
  getSessionToken: () => Promise<string>;
}

/** What this checkout will earn; null while nobody knows. The number of before stays until there is another. */
export function useEstimate({ isPreview, request, locale, customerId, getSessionToken }: Place): EarnEstimateKnown | null {
  const [estimate, setEstimate] = useState<EarnEstimateKnown | null>(isPreview ? SAMPLE : null);
  const page = useMemo(() => new AbortController(), []);
  const ask = useMemo(() => {
    const app = isPreview ? null : connectApp(getSessionToken, page.signal);
    return app && askForLatest(app, locale, setEstimate);
  }, []);
  useEffect(() => {
    // What one customer earns is not shown to the next.
    if (!isPreview) setEstimate(null);
  }, [customerId]);
  useEffect(() => ask?.(request), [customerId, JSON.stringify(request)]);
  useEffect(() => () => page.abort(), []);
  return estimate;
}

/**
 * Asks once it has been quiet for a while, one question at a time, and tells what the last one was answered. One that fails
 * is not asked again: the checkout is whole without us.
 */
export function askForLatest(app: AppConnection, locale: string, tell: (estimate: EarnEstimateKnown | null) => void) {
  let wanted: { request: EstimateRequest | null } | null = null;
  let isAsking = false;
  const work = async (): Promise<void> => {
    isAsking = true;
    while (wanted !== null && !app.signal.aborted) {
      const now = wanted;
      await app.wait(QUIET_MS, app.signal);
      if (now !== wanted) continue;
      const reply = now.request && (await askApp(app, `/api/shopper/estimate?${new URLSearchParams({ locale })}`, now.request));
      if (now !== wanted || app.signal.aborted) continue;
      wanted = null;
      tell(reply?.kind === 'answer' ? readEstimate(reply.body) : null);
    }
    isAsking = false;
  };
  return (request: EstimateRequest | null): void => {
    wanted = { request };
    if (!isAsking) void work();
  };
}

/** Null for none, and for what is no answer of ours. */
export function readEstimate(body: unknown): EarnEstimateKnown | null {
  if (!isRecord(body) || body.state !== 'known') return null;
  const who = readWord(body.who, ['you', 'members']);
  const points = readNumber(body.points);
  return who === null || points <= 0 ? null : { state: 'known', points, who, texts: readTexts(body.texts) };
}
