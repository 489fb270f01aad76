import type { WayToEarn } from '#app/contracts/shopper-loyalty.ts';
import type { ShopperWording } from '#app/domain/texts/shopper-wording.ts';

export interface WayWords {
  readonly sentence: string;
  readonly hint: string | null;
  readonly isDone: boolean;
  /** On its way, without anything to be done. */
  readonly isComing: boolean;
}

const ONCE_BASIS_POINTS = 10_000;

export function sayWay(way: WayToEarn, wording: ShopperWording): WayWords {
  const told = (sentence: string, more: Partial<WayWords> = {}): WayWords => ({ sentence, hint: null, isDone: false, isComing: false, ...more });
  switch (way.kind) {
    case 'order': {
      const factor = way.tierFactorBasisPoints;
      const hint = factor === null || factor === ONCE_BASIS_POINTS ? null : wording.say('earnTier', { factor: wording.factor(factor) });
      return told(wording.points('earnOrder', way.points, { amount: wording.amount(way.per) }), { hint });
    }
    case 'threshold':
      return told(wording.points('earnThreshold', way.points, { amount: wording.amount(way.minimum) }));
    case 'multiplier':
      return told(
        wording.say('earnMultiplier', { factor: wording.factor(way.factorBasisPoints), name: way.name }),
        { hint: way.endsAt === null ? null : wording.say('earnUntil', { date: wording.instant(way.endsAt) }) },
      );
    case 'welcome':
      return told(wording.points('earnWelcome', way.points), { isDone: way.isDone, isComing: way.isComing === true });
    case 'first-order':
      return told(wording.points('earnFirstOrder', way.points), { isDone: way.isDone });
    case 'birthday':
      return told(wording.points('earnBirthday', way.points));
  }
}
