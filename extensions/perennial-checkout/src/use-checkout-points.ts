import { useEffect, useMemo, useRef, useState } from 'preact/hooks';

import type { ShopperLoyaltyOn } from '../../../app/contracts/shopper-loyalty.ts';
import { askLoyalty } from '../../shopper-kit/src/ask-loyalty.ts';
import { connectApp } from '../../shopper-kit/src/connect-app.ts';
import { redeem } from '../../shopper-kit/src/redeem.ts';
import { keepWish } from './keep-wish.ts';
import type { WishStore } from './keep-wish.ts';
import { SAMPLE } from './view-model.ts';

/** What became of the last tap, where the cart itself does not show it. */
export type Notice =
  | { kind: 'waits' | 'removed'; code: string }
  | { kind: 'words'; key: 'making' | 'refused' | 'trouble' };

export interface CheckoutActions {
  /** Spends points and puts the code on the order. `points` only where they are chosen. */
  redeem: (rewardId: string, points: number | null) => void;
  apply: (redemptionId: string, code: string) => void;
  remove: (redemptionId: string, code: string) => void;
}

interface Place {
  isPreview: boolean;
  /** Asked for when it matters: who looks may sign in or out. */
  customerId: () => string | undefined;
  isSignedIn: boolean;
  asked: { locale: string; currency: string };
  getSessionToken: () => Promise<string>;
  changeCode: (type: 'addDiscountCode' | 'removeDiscountCode', code: string) => Promise<{ type: string }>;
  store: WishStore;
}

export function useCheckoutPoints(place: Place) {
  const { isPreview, isSignedIn } = place;
  const [loyalty, setLoyalty] = useState<ShopperLoyaltyOn | null>(isPreview ? SAMPLE : null);
  const [busy, setBusy] = useState<string | null>(null);
  const [notice, setNotice] = useState<Notice | null>(null);
  const page = useRef(new AbortController());
  const { ask, actions } = useMemo(() => makeActions(place, page.current.signal, { setLoyalty, setBusy, setNotice }), []);
  useEffect(() => {
    if (isSignedIn && !isPreview) void ask();
  }, [isSignedIn]);
  useEffect(() => () => page.current.abort(), []);
  return { loyalty: isSignedIn || isPreview ? loyalty : null, busy, notice, actions };
}

interface Setters {
  setLoyalty: (loyalty: ShopperLoyaltyOn) => void;
  setBusy: (what: string | null) => void;
  setNotice: (notice: Notice | null) => void;
}

function makeActions({ isPreview, customerId, asked, getSessionToken, changeCode, store }: Place, signal: AbortSignal, set: Setters) {
  const app = isPreview ? null : connectApp(getSessionToken, signal);
  const wishes = app && keepWish(store, (milliseconds) => app.wait(milliseconds, signal), () => crypto.randomUUID());
  const ask = async (): Promise<void> => {
    const known = app && (await askLoyalty(app, { surface: 'checkout', ...asked }));
    if (known?.state === 'on' && !signal.aborted) set.setLoyalty(known);
  };
  const tryChange = async (type: 'addDiscountCode' | 'removeDiscountCode', code: string): Promise<boolean> => {
    try {
      return (await changeCode(type, code)).type === 'success';
    } catch {
      // A wallet has taken the checkout over.
      return false;
    }
  };
  const whileBusy = (what: string, work: () => Promise<Notice | null>): void => {
    set.setBusy(what);
    set.setNotice(null);
    void work().then((notice) => {
      if (signal.aborted) return;
      set.setNotice(notice);
      set.setBusy(null);
    });
  };
  const put = async (code: string): Promise<Notice | null> =>
    (await tryChange('addDiscountCode', code)) ? null : { kind: 'waits', code };
  const spend = async (rewardId: string, points: number | null): Promise<Notice | null> => {
    if (app === null || wishes === null) return null;
    const requestKey = await wishes.keyFor(`${customerId() ?? ''} ${rewardId} ${points}`);
    const outcome = await redeem(app, { rewardId, requestKey, ...(points === null ? {} : { points }) });
    if (outcome.kind === 'refused' && outcome.reason === 'trouble') return { kind: 'words', key: 'trouble' };
    wishes.settle();
    const code = outcome.kind === 'redeemed' ? outcome.redemption.code : null;
    const notice = code === null ? null : await put(code);
    await ask();
    if (outcome.kind === 'refused') return { kind: 'words', key: 'refused' };
    return code === null ? { kind: 'words', key: 'making' } : notice;
  };
  const actions: CheckoutActions = {
    redeem: (rewardId, points) => whileBusy(rewardId, () => spend(rewardId, points)),
    apply: (redemptionId, code) => whileBusy(redemptionId, () => put(code)),
    remove: (redemptionId, code) =>
      whileBusy(redemptionId, async () =>
        (await tryChange('removeDiscountCode', code)) ? { kind: 'removed', code } : { kind: 'words', key: 'trouble' },
      ),
  };
  return { ask, actions };
}
