import { useEffect, useMemo, useRef, useState } from 'preact/hooks';

import type { BirthdayAnswer, RedeemRequest, ShopperEntries, ShopperRedemption } from '../../../app/contracts/shopper-loyalty.ts';
import { askApp } from '../../shopper-kit/src/ask-app.ts';
import { askLoyalty } from '../../shopper-kit/src/ask-loyalty.ts';
import { askUntilKnown } from '../../shopper-kit/src/ask-until-known.ts';
import { connectApp } from '../../shopper-kit/src/connect-app.ts';
import type { KnownLoyalty } from '../../shopper-kit/src/read-loyalty.ts';
import { awaitCode, redeem } from '../../shopper-kit/src/redeem.ts';
import type { RedeemOutcome } from '../../shopper-kit/src/redeem.ts';
import { readBirthdayAnswer, readEntries } from './read-entries.ts';
import { sampleEntries, sampleLoyalty } from './sample.ts';

export type Known = 'loading' | 'unavailable' | KnownLoyalty;

/** What the parts of the page can ask for. None of them throws. */
export interface LoyaltyActions {
  /** In the editor: nothing is asked of anybody. */
  isPreview: boolean;
  retry: () => void;
  redeem: (request: RedeemRequest) => Promise<RedeemOutcome>;
  awaitCode: (redemption: ShopperRedemption) => void;
  entries: (before: number | null) => Promise<ShopperEntries | null>;
  saveBirthday: (day: { month: number; day: number }) => Promise<BirthdayAnswer | 'trouble'>;
}

interface Place {
  isPreview: boolean;
  locale: string;
  getSessionToken: () => Promise<string>;
}

export function useLoyalty(place: Place): { known: Known; actions: LoyaltyActions } {
  const { isPreview, locale } = place;
  const [known, setKnown] = useState<Known>(isPreview ? sampleLoyalty(new Date()) : 'loading');
  const page = useRef(new AbortController());
  const actions = useMemo<LoyaltyActions>(() => {
    const { signal } = page.current;
    const app = isPreview ? null : connectApp(place.getSessionToken, signal);
    const ask = async (): Promise<void> => {
      const loyalty = app && (await askLoyalty(app, { surface: 'loyalty-page', locale }));
      if (signal.aborted) return;
      // What is shown already is better than nothing, when only a renewal fails.
      setKnown((before) => loyalty ?? (typeof before === 'string' ? 'unavailable' : before));
    };
    const learn = (redemption: ShopperRedemption): void => {
      if (!signal.aborted) setKnown((before) => withRedemption(before, redemption));
    };
    return {
      isPreview,
      retry: () => {
        setKnown('loading');
        void ask();
      },
      redeem: async (request) => {
        if (app === null) return { kind: 'refused', reason: 'trouble' };
        const outcome = await redeem(app, request, learn);
        if (outcome.kind === 'redeemed') learn(outcome.redemption);
        if (outcome.kind === 'redeemed' || outcome.reason !== 'trouble') await ask();
        return outcome;
      },
      awaitCode: (redemption) => void (app && awaitCode(app, redemption).then(learn)),
      entries: async (before) => {
        if (app === null) return isPreview ? sampleEntries(new Date()) : null;
        const path = `/api/shopper/entries${before === null ? '' : `?before=${before}`}`;
        const outcome = await askUntilKnown(app, { path, read: (body) => ({ kind: 'known', value: readEntries(body) }) });
        return outcome.kind === 'known' ? outcome.value : null;
      },
      saveBirthday: async (day) => {
        const reply = app && (await askApp(app, '/api/shopper/birthday', day));
        const answer = reply?.kind === 'answer' ? readBirthdayAnswer(reply.body) : 'trouble';
        if (answer !== 'trouble') await ask();
        return answer;
      },
    };
  }, []);
  useEffect(() => {
    const controller = page.current;
    if (!isPreview) actions.retry();
    return () => controller.abort();
  }, []);
  return { known, actions };
}

function withRedemption(known: Known, redemption: ShopperRedemption): Known {
  if (typeof known === 'string' || known.state !== 'on') return known;
  const others = known.redemptions.filter(({ redemptionId }) => redemptionId !== redemption.redemptionId);
  return { ...known, redemptions: [redemption, ...others] };
}
