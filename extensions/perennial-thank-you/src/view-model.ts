import type { NextOrderOfferGranted, NextOrderOfferReady } from '../../../app/contracts/next-order-offer.ts';
import type { OrderThanks } from '../../../app/contracts/order-thanks.ts';
import { formatAmount, formatEnd, formatInstant, formatPercent, sayPoints } from '../../shopper-kit/src/words.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';

/** What the buyer gets. */
export type KnownOffer = NextOrderOfferReady | (NextOrderOfferGranted & {
  /** By the buyer's own clock, which may be wrong by hours; null where nothing is counted down. */
  countsDownToMs: number | null;
});

/** What is known so far; `promised` is an offer that is being made. */
export interface Known {
  offer: 'promised' | KnownOffer | null;
  thanks: OrderThanks | null;
}

/** The card in the buyer's words, from what matters most: money off, then points, then the way into the account. */
export type CardPart = OfferPart | WaitingPart | PointsPart | AccountPart;

export interface OfferPart {
  kind: 'offer';
  heading: string;
  sentence: string;
  /** Until when, from which amount, how often: one short sentence each. */
  terms: string[];
  /** Null for store credit. */
  code: string | null;
  countsDownToMs: number | null;
}

export interface WaitingPart {
  kind: 'waiting';
  heading: string;
  sentence: string;
}

export interface PointsPart {
  kind: 'points';
  heading: string;
  sentences: string[];
}

export interface AccountPart {
  kind: 'account';
  heading: string;
  sentences: string[];
  action: { kind: 'invite'; label: string; consent: string } | { kind: 'sign-in'; label: string; url: string } | null;
}

export function viewCard({ offer, thanks }: Known, wording: Wording): CardPart[] {
  const offerPart = offer === 'promised' ? viewWaiting(wording) : offer && viewOffer(offer, wording);
  const pointsPart = thanks && viewPoints(thanks, wording);
  const accountPart = thanks && viewAccount(thanks, wording);
  return [offerPart, pointsPart, accountPart].flatMap((part) => (part ? [part] : []));
}

export function viewOffer(offer: KnownOffer, wording: Wording): OfferPart | null {
  const { translate } = wording;
  const date = formatEnd(offer.endsAt, wording);
  if (date === null) return null;
  const part = {
    kind: 'offer' as const,
    heading: translate('heading'),
    sentence: sayGift(giftOf(offer), wording),
    code: offer.code,
    countsDownToMs: offer.state === 'granted' ? offer.countsDownToMs : null,
  };
  if (offer.code === null) return { ...part, terms: [translate('creditUntil', { date }), translate('creditHow')] };
  const terms = [translate('validUntil', { date })];
  if (offer.minimumSubtotal !== null) {
    terms.push(translate('minimum', { amount: formatAmount(offer.minimumSubtotal, wording) }));
  }
  terms.push(translate(offer.isPersonal ? 'onceForYou' : 'once'));
  return { ...part, terms };
}

type Gift = NextOrderOfferGranted['gives'];

function giftOf(offer: KnownOffer): Gift {
  return offer.state === 'ready' ? { kind: 'percent', percentBasisPoints: offer.percentBasisPoints } : offer.gives;
}

function sayGift(gift: Gift, wording: Wording): string {
  const { translate } = wording;
  switch (gift.kind) {
    case 'percent':
      return translate('sentence', { percent: formatPercent(gift.percentBasisPoints, wording) });
    case 'amount':
      return translate('sentenceAmount', { amount: formatAmount(gift.amount, wording) });
    case 'free-shipping':
      return translate('sentenceShipping');
    case 'store-credit':
      return translate('sentenceCredit', { amount: formatAmount(gift.amount, wording) });
  }
}

function viewWaiting({ translate }: Wording): WaitingPart {
  return { kind: 'waiting', heading: translate('heading'), sentence: translate('waiting') };
}

function viewPoints({ points }: OrderThanks, wording: Wording): PointsPart | null {
  const { translate } = wording;
  const heading = translate('pointsHeading');
  if (points.state === 'pending') {
    return points.isPromised === true ? { kind: 'points', heading, sentences: [translate('pointsOnTheWay')] } : null;
  }
  // What a guest can claim is told with the way to claim it, and not at all where there is no way.
  if (points.state === 'none' || points.standing === 'claimable') return null;
  const sentences = [sayPoints(points.standing === 'pending' ? 'pointsPending' : 'pointsEarned', points.points, wording)];
  const date = points.spendableFrom === null ? null : formatInstant(points.spendableFrom, wording);
  if (points.standing === 'pending' && date !== null) sentences.push(translate('pointsFrom', { date }));
  if (points.balancePoints !== null && points.balancePoints > 0) {
    sentences.push(sayPoints('balance', points.balancePoints, wording));
  }
  return { kind: 'points', heading, sentences };
}

function viewAccount({ points, account }: OrderThanks, wording: Wording): AccountPart | null {
  const { translate } = wording;
  if (account.state === 'none') return null;
  const isClaimable = points.state === 'ready' && points.standing === 'claimable';
  const heading = isClaimable ? sayPoints('claimHeading', points.points, wording) : translate('accountHeading');
  if (account.state === 'invited') return { kind: 'account', heading, sentences: [translate('invited')], action: null };
  const isInvite = account.state === 'invite';
  const sentences = [
    translate(isClaimable ? (isInvite ? 'claimByInvite' : 'claimBySignIn') : isInvite ? 'inviteSentence' : 'signInSentence'),
  ];
  const { welcomePoints } = account;
  if (welcomePoints !== null && welcomePoints > 0) sentences.push(sayPoints('welcome', welcomePoints, wording));
  const action = isInvite
    ? { kind: 'invite' as const, label: translate('activate'), consent: translate('consent') }
    : { kind: 'sign-in' as const, label: translate('signIn'), url: account.url };
  return { kind: 'account', heading, sentences, action };
}

/** For the checkout editor, where there is no order. */
export function sampleKnown(now: Date): Known {
  const inDays = (days: number): Date => {
    const end = new Date(now.getTime() + days * 86_400_000);
    end.setHours(23, 59, 59, 0);
    return end;
  };
  return {
    offer: {
      state: 'ready',
      code: 'BACK-SAMPLE42',
      percentBasisPoints: 1500,
      minimumSubtotal: null,
      endsAt: inDays(30).toISOString(),
      isPersonal: true,
    },
    thanks: {
      points: { state: 'ready', points: 120, standing: 'pending', spendableFrom: inDays(14).toISOString(), balancePoints: 480 },
      account: { state: 'none' },
    },
  };
}
