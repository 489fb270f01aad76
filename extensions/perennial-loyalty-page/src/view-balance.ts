import type { ShopperLoyaltyOn, ShopperTier, TierDistance } from '../../../app/contracts/shopper-loyalty.ts';
import {
  formatAmount,
  formatCount,
  formatDay,
  formatFactor,
  formatInstant,
  formatPercent,
  sayPoints,
} from '../../shopper-kit/src/words.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';

export interface BalanceView {
  figure: string;
  lines: string[];
}

/** One sentence above everything where the program is not as usual. */
export function viewNotice({ status, lastRedemptionDay }: ShopperLoyaltyOn['program'], wording: Wording): string | null {
  const { translate } = wording;
  if (status === 'live') return null;
  if (status === 'paused') return translate('paused');
  const date = lastRedemptionDay === null ? null : formatDay(lastRedemptionDay, wording);
  return date === null ? translate('windingDown') : translate('windingDownUntil', { date });
}

export function viewBalance({ balance, redemptions }: ShopperLoyaltyOn, wording: Wording): BalanceView {
  const { points, pendingPoints, nextSpendable, nextExpiry } = balance;
  const lines: string[] = [];
  if (points < 0) lines.push(wording.translate('negative'));
  if (points === 0 && pendingPoints <= 0 && redemptions.length === 0) lines.push(wording.translate('noPoints'));
  const date = nextSpendable && formatInstant(nextSpendable.at, wording);
  if (nextSpendable && date !== null && nextSpendable.points >= pendingPoints) {
    lines.push(sayPoints('pendingFrom', nextSpendable.points, wording, { date }));
  } else {
    if (pendingPoints > 0) lines.push(sayPoints('pending', pendingPoints, wording));
    if (nextSpendable && date !== null) lines.push(sayPoints('nextSpendable', nextSpendable.points, wording, { date }));
  }
  const before = nextExpiry && formatDay(nextExpiry.day, wording);
  if (nextExpiry && before !== null) lines.push(sayPoints('nextExpiry', nextExpiry.points, wording, { date: before }));
  return { figure: sayPoints('points', points, wording), lines };
}

export interface TierView {
  name: string;
  /** 0 to 1; null at the top. */
  progress: { value: number; label: string; missing: string } | null;
  lines: string[];
  perks: string[];
}

export function viewTier(tier: ShopperTier, wording: Wording): TierView {
  const { translate } = wording;
  const until = tier.keptUntil === null ? null : formatDay(tier.keptUntil, wording);
  const lines = until === null ? [] : [translate('tierKept', { date: until })];
  if (tier.next === null && tier.name !== null) lines.push(translate('tierTop'));
  return {
    name: tier.name ?? translate('tierNone'),
    progress: tier.next && viewProgress(tier.next, wording),
    lines,
    perks: tier.perks.map((perk) => {
      switch (perk.kind) {
        case 'multiplier':
          return translate('perkMultiplier', { factor: formatFactor(perk.factorBasisPoints, wording) });
        case 'entry-points':
          return sayPoints('perkEntryPoints', perk.points, wording);
        case 'free-shipping':
          return translate('perkFreeShipping');
        case 'early-access':
          return translate('perkEarlyAccess');
      }
    }),
  };
}

function viewProgress(next: NonNullable<ShopperTier['next']>, wording: Wording): NonNullable<TierView['progress']> {
  const { name: tier } = next;
  const basisPoints = Math.min(10_000, Math.max(0, next.progressBasisPoints));
  const percent = formatPercent(Math.floor(basisPoints / 100) * 100, wording);
  return {
    value: basisPoints / 10_000,
    label: wording.translate('tierProgress', { tier, percent }),
    missing: sayMissing(next.missing, tier, wording),
  };
}

function sayMissing(missing: TierDistance, tier: string, wording: Wording): string {
  const { translate } = wording;
  switch (missing.kind) {
    case 'spend':
      return translate('tierMissingSpend', { tier, amount: formatAmount(missing.amount, wording) });
    case 'points':
      return sayPoints('tierMissingPoints', missing.points, wording, { tier });
    case 'orders':
      return translate('tierMissingOrders', { tier, count: missing.orders, orders: formatCount(missing.orders, wording) });
  }
}
