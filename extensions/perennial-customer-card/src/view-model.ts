import type { AdminCustomerCard, AdminEntry, AdminForecast, AdminLoyalty, AdminMember, AdminOutlookKnown } from '../../../app/contracts/admin-blocks.ts';
import type { TierDistance } from '../../../app/contracts/shopper-loyalty.ts';
import { formatAmount, formatDay, formatInstant, say, wordFor } from '../../admin-kit/src/words.ts';
import type { Wording } from '../../admin-kit/src/words.ts';

const GROUPS = [
  'CHAMPIONS', 'LOYAL', 'ACTIVE', 'NEW', 'PROMISING', 'NEEDS_ATTENTION', 'AT_RISK', 'PREVIOUSLY_LOYAL', 'ALMOST_LOST', 'DORMANT', 'PROSPECTS',
]; // prettier-ignore
const RHYTHMS = ['active', 'cooling', 'atRisk', 'lapsed'];
const STAGES = ['onboarding', 'nurture', 'activation', 'oneTime', 'building', 'loyal'];
const ENTRY_KINDS = [
  'order', 'order-changed', 'welcome', 'first-order', 'birthday', 'tier', 'spendable', 'expired', 'redeemed', 'returned', 'adjusted', 'imported', 'merged',
]; // prettier-ignore

/** The app answers in its contract's shape, which only grows; null for what is none of it. */
export function readCard(body: unknown): AdminCustomerCard | null {
  const isCard = typeof body === 'object' && body !== null && 'loyalty' in body && 'outlook' in body;
  return isCard ? (body as AdminCustomerCard) : null;
}

/** When to ask again for what is being worked out; null when all is there. */
export function retryAfterOf({ outlook }: AdminCustomerCard): number | null {
  if (outlook.state === 'computing') return outlook.retryAfterMs;
  return outlook.state === 'known' && outlook.forecast.state === 'computing' ? outlook.forecast.retryAfterMs : null;
}

export interface PointsView {
  figure: string;
  /** What stands beside the figure. */
  badges: string[];
  lines: string[];
}

export function viewPoints({ member, ...program }: AdminLoyalty, wording: Wording): PointsView {
  const notice = noticeOf(program, wording);
  if (member === null) return { figure: say('points', 0, wording), badges: [], lines: notice ?? [wording.translate('notAMember')] };
  const { points, tier, isExcluded } = member;
  return {
    figure: points < 0 ? say('owes', -points, wording) : say('points', points, wording),
    badges: [...(tier === null ? [] : [tier.name]), ...(isExcluded ? [wording.translate('excluded')] : [])],
    lines: [...(notice ?? []), ...linesOf(member, wording)],
  };
}

function linesOf({ points, pendingPoints, reservedPoints, isExcluded, nextExpiry, tier }: AdminMember, wording: Wording): string[] {
  return [
    ...(points < 0 ? [wording.translate('owesWhy')] : []),
    ...(isExcluded ? [wording.translate('excludedWhy')] : []),
    ...(pendingPoints > 0 ? [say('pending', pendingPoints, wording)] : []),
    ...(reservedPoints > 0 ? [say('reserved', reservedPoints, wording)] : []),
    ...(nextExpiry === null ? [] : [say('expires', nextExpiry.points, wording, { day: formatDay(nextExpiry.day, wording) })]),
    ...(tier?.next ? [distance(tier.next.missing, tier.next.name, wording)].flatMap((line) => line ?? []) : []),
  ];
}

/** What is out of the usual about the program; null where it runs. */
function noticeOf({ program, lastRedemptionDay }: Omit<AdminLoyalty, 'member'>, wording: Wording): string[] | null {
  if (program === 'live') return null;
  if (program === 'winding-down' && lastRedemptionDay !== null) return [wording.translate('program_windingDown', { day: formatDay(lastRedemptionDay, wording) })];
  const known = (['none', 'off', 'paused', 'over'] as const).find((one) => one === program);
  return known === undefined ? null : [wording.translate(`program_${known}`)];
}

function distance(missing: TierDistance, tier: string, wording: Wording): string | null {
  switch (missing.kind) {
    case 'spend':
      return wording.translate('toTierSpend', { amount: formatAmount(missing.amount, wording), tier });
    case 'points':
      return say('toTierPoints', missing.points, wording, { tier });
    case 'orders':
      return say('toTierOrders', missing.orders, wording, { tier });
    default:
      return null;
  }
}

export interface EntryView {
  key: number;
  what: string;
  points: string;
  day: string;
}

export function viewEntry({ sequence, kind, points, isPending, orderName, at }: AdminEntry, wording: Wording): EntryView {
  const what = wordFor('entry_', kind, ENTRY_KINDS, wording) ?? wording.translate('entry_adjusted');
  const named = orderName === null ? what : wording.translate('entryOfOrder', { what, order: orderName });
  return {
    key: sequence,
    what: isPending ? wording.translate('entryPending', { what: named }) : named,
    points: wording.formatNumber(points, { signDisplay: 'exceptZero' }),
    day: formatInstant(at, wording),
  };
}

export interface OutlookFact {
  term: string;
  value: string;
  hint: string | null;
}

export function viewOutlook({ orders, spent, lastOrderDay, group, rhythm, stage, forecast }: AdminOutlookKnown, wording: Wording): OutlookFact[] {
  const { translate } = wording;
  const history = say('orders', orders, wording, { amount: formatAmount(spent, wording) });
  const standing = [wordFor('rhythm_', rhythm, RHYTHMS, wording), wordFor('stage_', stage, STAGES, wording)].filter((word) => word !== null);
  const groupName = wordFor('group_', group, GROUPS, wording);
  return [
    { term: translate('ordered'), value: history, hint: translate('lastOrder', { day: formatDay(lastOrderDay, wording) }) },
    ...(groupName === null ? [] : [{ term: translate('group'), value: groupName, hint: standing.join(' · ') || null }]),
    ...viewForecast(forecast, wording),
  ];
}

function viewForecast(forecast: AdminForecast, wording: Wording): OutlookFact[] {
  const { translate, formatNumber } = wording;
  const without = (value: string, hint: string | null) => [{ term: translate('forecast'), value, hint }];
  switch (forecast.state) {
    case 'computing':
      return without(translate('computing'), null);
    case 'too-new':
      return without(translate('tooNew'), null);
    case 'not-enough-data':
      return without(translate('notEnough'), translate('notEnoughWhy'));
    case 'made': {
      const { returnChance, nextOrder, isByRule } = forecast;
      return [
        ...(nextOrder === null ? [] : [viewNextOrder(nextOrder, isByRule, wording)]),
        {
          term: translate('returnChance'),
          value: returnChance === null ? translate('noChance') : formatNumber(returnChance, { style: 'percent', maximumFractionDigits: 0 }),
          hint: returnChance === null ? translate('noChanceWhy') : null,
        },
      ];
    }
    default:
      return [];
  }
}

function viewNextOrder(next: { kind: 'day'; day: string } | { kind: 'never' }, isByRule: boolean, wording: Wording): OutlookFact {
  const { translate } = wording;
  const term = translate('nextOrder');
  const byRule = isByRule ? translate('byRule') : null;
  if (next.kind === 'never') return { term, value: translate('nextNever'), hint: byRule };
  return { term, value: formatDay(next.day, wording), hint: byRule ?? translate('nextOrderWhy') };
}

/** In one line, for the block when it is folded. */
export function summaryOf({ loyalty }: AdminCustomerCard, wording: Wording): string {
  const { figure, badges } = viewPoints(loyalty, wording);
  return [figure, ...badges].join(' · ');
}
