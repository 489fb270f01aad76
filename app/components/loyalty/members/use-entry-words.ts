import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { useRewardWords } from '#app/components/loyalty/program/use-reward-words.ts';
import { MOST_HELD_POINTS } from '#app/domain/loyalty/ledger/plan-award.ts';
import type { ToldEntry, ToldOrder } from '#app/domain/loyalty/members/told-entry.ts';
import { isolated } from './isolated.ts';
import { usePointsWords } from './use-points-words.ts';
import { useStaffWords } from './use-staff-words.ts';
import { rateOf, useOrderReasonWords } from './use-order-reason-words.ts';

export interface EntryWords {
  /** What happened, in a sentence. */
  what: string;
  /** What one needs to know beside it. */
  details: string[];
  /** How an order's points came about, line by line. */
  lines: string[];
}

export interface EntryWordsInput {
  currency: string;
  timeZone: string;
  /** Who looks. */
  staffId: string;
  /** What others are called, by number of staff. */
  staffNames: Readonly<Record<string, string>>;
}

/** Says an entry in plain words. */
export function useEntryWords({ currency, timeZone, staffId, staffNames }: EntryWordsInput): (entry: ToldEntry) => EntryWords {
  const { t } = useTranslation('loyaltyMembers');
  const formats = useFormats();
  const pointsOf = usePointsWords();
  const whatOf = useWhatHappened(currency);
  const staffWords = useStaffWords(staffId, staffNames);
  const reasonWords = useOrderReasonWords();
  return (entry) => {
    const { order, owedPoints, endedPoints, kind, note, maturesAtMs, expiresOn, pendingPoints, givenBefore, because } = entry;
    const change = entry.points + entry.pendingPoints + entry.reservedPoints - endedPoints;
    const now = givenBefore + change;
    const details: string[] = [];
    const said = order === null ? null : reasonWords(order);
    if (kind === 'order' && said !== null) {
      if (order?.code === 'order-earned' && givenBefore !== 0) {
        details.push(t('details.rate', rateOf(formats, pointsOf, order)), t('entries.order-stands', { now: pointsOf(now), before: formats.count(givenBefore) }));
      } else if (!SAID_BY_SENTENCE.has(because)) details.push(...said.rate);
      if (order?.code === 'order-earned' && now < earnedBy(order)) details.push(t('details.full', { points: pointsOf(MOST_HELD_POINTS) }));
    }
    if (owedPoints > 0 && kind !== 'transfer') details.push(t(owedPoints === -change ? 'details.owed' : 'details.owedPart', { points: pointsOf(owedPoints) }));
    if (endedPoints !== 0) details.push(t(endedPoints > 0 ? 'details.endedUnspent' : 'details.endedAgain', { points: pointsOf(Math.abs(endedPoints)) }));
    if (owedPoints < 0 && because !== 'merged-away' && (kind !== 'expiry' || endedOf(entry) > 0)) {
      details.push(t(kind === 'expiry' ? 'details.debtEnded' : 'details.paid', { points: pointsOf(-owedPoints) }));
    }
    if (pendingPoints > 0 && maturesAtMs !== null) details.push(t('details.pendingUntil', { instant: formats.instant(maturesAtMs, timeZone) }));
    if (expiresOn !== null) details.push(t('details.expires', { day: formats.day(expiresOn) }));
    if (entry.code !== null) details.push(t('details.code', { code: entry.code }));
    if (kind === 'import' && entry.fact !== null) details.push(t('details.line_no', { fact: entry.fact }));
    if (note !== null) details.push(t('details.note', { note: isolated(note) }));
    if (because === 'by-flow') details.push(t('details.byFlow'));
    if (because === 'to-segment') details.push(t('details.toSegment'));
    if (because === 'by-hand' || because === 'to-segment' || kind === 'import') details.push(staffWords(entry.staffId));
    if (entry.programVersion !== null && RULED.has(kind)) details.push(t('ledger.version', { version: entry.programVersion }));
    return { what: whatOf(entry, change), details, lines: kind === 'order' ? (said?.lines ?? []) : [] };
  };
}

/** The first sentence about an entry. */
function useWhatHappened(currency: string): (entry: ToldEntry, change: number) => string {
  const { t } = useTranslation('loyaltyMembers');
  const pointsOf = usePointsWords();
  const rewardWords = useRewardWords(currency);
  return (entry, change) => {
    const order = entry.orderName ?? t('entries.someOrder');
    const reward = entry.reward === null ? t('entries.reward') : isolated(rewardWords(entry.reward));
    const points = pointsOf(Math.abs(change));
    const facts = { order, reward, points, fact: isolated(entry.fact ?? '') };
    switch (entry.kind) {
      case 'order':
        return t(`entries.${orderSentence(entry, change)}`, facts);
      case 'grant':
        return t(`entries.${grantSentence(entry)}`, facts);
      case 'maturity':
        return t(entry.orderName === null ? 'entries.maturity' : 'entries.maturity-order', { order, points: pointsOf(-entry.pendingPoints) });
      case 'reserve':
        return t('entries.reserve', { ...facts, points: pointsOf(entry.reservedPoints) });
      case 'capture':
        return t(entry.orderName === null ? 'entries.capture' : 'entries.capture-order', { ...facts, points: pointsOf(-entry.reservedPoints) });
      case 'release':
        return t(`entries.${releaseSentence(entry)}`, { ...facts, points: pointsOf(-entry.reservedPoints) });
      case 'return':
        return t(entry.because === 'order-refunded' ? 'entries.return' : 'entries.return-void', facts);
      case 'expiry':
        if (entry.because === 'was-active') return t('entries.revived', facts);
        return endedOf(entry) > 0 ? t(`entries.${ENDS.find((code) => code === entry.because) ?? 'too-old'}`, { points: pointsOf(endedOf(entry)) }) : t('entries.debt-ended', facts);
      case 'adjustment':
        if (entry.because === 'used-after-release') return t('entries.used-late', facts);
        return t(change > 0 ? 'entries.given' : 'entries.taken', facts);
      case 'import':
        return t(change > 0 ? 'entries.imported' : 'entries.imported-taken', facts);
      case 'transfer':
        return entry.because === 'merged-in' ? t(change < 0 ? 'entries.merged-in-debt' : 'entries.merged-in', facts) : t(change > 0 ? 'entries.merged-away-debt' : 'entries.merged-away', facts);
    }
  };
}

const SAID_BY_SENTENCE: ReadonlySet<string> = new Set(['order-cancelled', 'order-refunded']);

function earnedBy({ lines, bonus }: Extract<ToldOrder, { code: 'order-earned' }>): number {
  return lines.reduce((sum, { points }) => sum + points, bonus?.points ?? 0);
}

/** Kinds that a rule of the program decides. */
const RULED: ReadonlySet<string> = new Set(['order', 'grant']);

const ENDS = ['inactive', 'too-old', 'program-over', 'forgotten'] as const;

function orderSentence({ because, givenBefore }: ToldEntry, change: number) {
  if (because === 'order-of-another') return 'order-of-another';
  if (change > 0) return givenBefore === 0 ? 'order-earned' : 'order-more';
  if (because === 'order-cancelled' || because === 'order-refunded') return because;
  return because === 'order-earned' ? 'order-less' : 'order-without';
}

/** What ended of a member's points, what they owed left out. */
function endedOf({ points, pendingPoints, owedPoints }: ToldEntry): number {
  return 0 - (points + owedPoints) - pendingPoints;
}

function releaseSentence({ because }: ToldEntry) {
  if (because === 'not-used-in-time') return 'release';
  return because.startsWith('order-') ? 'release-order' : 'release-unmade';
}

function grantSentence({ because, fact }: ToldEntry) {
  const known = (['welcome', 'first-order', 'first-order-undone', 'not-first-order', 'order-of-another', 'birthday'] as const).find((code) => code === because);
  return known ?? (fact === null ? 'grant' : 'tier');
}
