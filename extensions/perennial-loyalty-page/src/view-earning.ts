import type { ShopperEntry, WayToEarn } from '../../../app/contracts/shopper-loyalty.ts';
import { formatAmount, formatFactor, formatInstant, sayPoints } from '../../shopper-kit/src/words.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';

export interface WayView {
  sentence: string;
  hint: string | null;
  isDone: boolean;
  /** On its way, without anything to be done. */
  isComing: boolean;
}

export function viewWay(way: WayToEarn, wording: Wording): WayView {
  const { translate } = wording;
  switch (way.kind) {
    case 'order': {
      const sentence = sayPoints('earnOrder', way.points, wording, { amount: formatAmount(way.per, wording) });
      const factor = way.tierFactorBasisPoints;
      const hint = factor === null || factor === 10_000 ? null : translate('earnTier', { factor: formatFactor(factor, wording) });
      return { ...todo(sentence), hint };
    }
    case 'threshold':
      return todo(sayPoints('earnThreshold', way.points, wording, { amount: formatAmount(way.minimum, wording) }));
    case 'multiplier': {
      const date = way.endsAt === null ? null : formatInstant(way.endsAt, wording);
      const sentence = translate('earnMultiplier', { factor: formatFactor(way.factorBasisPoints, wording), name: way.name });
      return { ...todo(sentence), hint: date === null ? null : translate('earnUntil', { date }) };
    }
    case 'welcome':
      return { ...todo(sayPoints('earnWelcome', way.points, wording)), isDone: way.isDone, isComing: way.isComing === true };
    case 'first-order':
      return { ...todo(sayPoints('earnFirstOrder', way.points, wording)), isDone: way.isDone };
    case 'birthday':
      return todo(sayPoints('earnBirthday', way.points, wording));
  }
}

function todo(sentence: string): WayView {
  return { sentence, hint: null, isDone: false, isComing: false };
}

export interface EntryView {
  sequence: number;
  sentence: string;
  day: string;
  /** With its sign; empty where nothing was added or taken. */
  points: string;
  isPending: boolean;
}

const SENTENCES: Record<ShopperEntry['kind'], string> = {
  order: 'entryOrder',
  'order-changed': 'entryOrderChanged',
  welcome: 'entryWelcome',
  'first-order': 'entryFirstOrder',
  birthday: 'entryBirthday',
  tier: 'entryTier',
  spendable: 'entrySpendable',
  expired: 'entryExpired',
  redeemed: 'entryRedeemed',
  returned: 'entryReturned',
  adjusted: 'entryAdjusted',
  imported: 'entryImported',
  merged: 'entryMerged',
};

export function viewEntry(entry: ShopperEntry, wording: Wording): EntryView {
  const { translate, formatNumber } = wording;
  const values = { order: entry.orderName ?? '', reward: entry.rewardName || translate('reward') };
  const isOfOrder = entry.kind === 'order' || entry.kind === 'order-changed';
  const key = isOfOrder && entry.orderName === null ? `${SENTENCES[entry.kind]}Unnamed` : SENTENCES[entry.kind];
  return {
    sequence: entry.sequence,
    sentence: translate(key, values),
    day: formatInstant(entry.at, wording) ?? '',
    points: entry.points === 0 ? '' : formatNumber(entry.points, { inExtensionLocale: true, signDisplay: 'always' }),
    isPending: entry.isPending,
  };
}
