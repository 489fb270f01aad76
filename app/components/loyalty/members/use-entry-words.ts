import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { useRewardWords } from '#app/components/loyalty/program/use-reward-words.ts';
import type { ToldEntry } from '#app/domain/loyalty/members/told-entry.ts';
import { usePointsWords } from './use-points-words.ts';
import { rateOf, useOrderReasonWords } from './use-order-reason-words.ts';

export interface EntryWords {
  /** What happened, in a sentence. */
  what: string;
  /** What one needs to know beside it. */
  details: string[];
  /** How an order's points came about, line by line. */
  lines: string[];
}

/** Says an entry in plain words. */
export function useEntryWords({ currency, timeZone, staffId }: { currency: string; timeZone: string; staffId: string }): (entry: ToldEntry) => EntryWords {
  const { t } = useTranslation('loyaltyMembers');
  const formats = useFormats();
  const pointsOf = usePointsWords();
  const whatOf = useWhatHappened(currency);
  const reasonWords = useOrderReasonWords();
  return (entry) => {
    const { order, owedPoints, kind, note, maturesAtMs, expiresOn, pendingPoints, givenBefore, because } = entry;
    const change = entry.points + entry.pendingPoints + entry.reservedPoints;
    const now = givenBefore + change;
    const details: string[] = [];
    const said = order === null ? null : reasonWords(order);
    if (kind === 'order' && said !== null) {
      if (order?.code === 'order-earned' && givenBefore !== 0) {
        const value = formats.money(order.valueMinor, order.currency);
        details.push(t('details.rate', rateOf(formats, pointsOf, order)), t('entries.order-stands', { value, now: formats.count(now), before: formats.count(givenBefore) }));
      } else if (!SAID_BY_SENTENCE.has(because)) details.push(...said.rate);
    }
    if (owedPoints > 0) details.push(t(owedPoints === -change ? 'details.owed' : 'details.owedPart', { points: pointsOf(owedPoints) }));
    if (owedPoints < 0) details.push(t('details.paid', { points: pointsOf(-owedPoints) }));
    if (pendingPoints > 0 && maturesAtMs !== null) details.push(t('details.pendingUntil', { instant: formats.instant(maturesAtMs, timeZone) }));
    if (expiresOn !== null) details.push(t('details.expires', { day: formats.day(expiresOn) }));
    if (entry.code !== null) details.push(t('details.code', { code: entry.code }));
    if (kind === 'import' && entry.fact !== null) details.push(t('details.line_no', { fact: entry.fact }));
    if (note !== null) details.push(t('details.note', { note }));
    if (because === 'by-hand' || kind === 'import') details.push(byWhom(entry.staffId));
    return { what: whatOf(entry, change), details, lines: kind === 'order' ? (said?.lines ?? []) : [] };
  };

  function byWhom(id: string | null): string {
    if (id === null) return t('details.byUnknown');
    return id === staffId ? t('details.byYou') : t('details.by', { id });
  }
}

/** The first sentence about an entry. */
function useWhatHappened(currency: string): (entry: ToldEntry, change: number) => string {
  const { t } = useTranslation('loyaltyMembers');
  const pointsOf = usePointsWords();
  const rewardWords = useRewardWords(currency);
  return (entry, change) => {
    const order = entry.orderName ?? t('entries.someOrder');
    const reward = entry.reward === null ? t('entries.reward') : rewardWords(entry.reward);
    const points = pointsOf(Math.abs(change));
    const facts = { order, reward, points, fact: entry.fact ?? '' };
    switch (entry.kind) {
      case 'order':
        return t(`entries.${orderSentence(entry, change)}`, facts);
      case 'grant':
        return t(`entries.${grantSentence(entry)}`, facts);
      case 'maturity':
        return t('entries.maturity', { points: pointsOf(-entry.pendingPoints) });
      case 'reserve':
        return t('entries.reserve', { ...facts, points: pointsOf(entry.reservedPoints) });
      case 'capture':
        return t(entry.orderName === null ? 'entries.capture' : 'entries.capture-order', { ...facts, points: pointsOf(-entry.reservedPoints) });
      case 'release':
        return t('entries.release', { ...facts, points: pointsOf(-entry.reservedPoints) });
      case 'return':
        return t('entries.return', facts);
      case 'expiry':
        return t(`entries.${ENDS.find((code) => code === entry.because) ?? 'too-old'}`, facts);
      case 'adjustment':
        return t(change > 0 ? 'entries.given' : 'entries.taken', facts);
      case 'import':
        return t(change > 0 ? 'entries.imported' : 'entries.imported-taken', facts);
      case 'transfer':
        return t(entry.because === 'merged-in' ? 'entries.merged-in' : 'entries.merged-away', facts);
    }
  };
}

const SAID_BY_SENTENCE: ReadonlySet<string> = new Set(['order-cancelled', 'order-refunded']);

const ENDS = ['inactive', 'too-old', 'program-over', 'forgotten'] as const;

function orderSentence({ because, givenBefore }: ToldEntry, change: number) {
  if (because === 'order-of-another') return 'order-of-another';
  if (change > 0) return givenBefore === 0 ? 'order-earned' : 'order-more';
  if (because === 'order-cancelled' || because === 'order-refunded') return because;
  return because === 'order-earned' ? 'order-less' : 'order-without';
}

function grantSentence({ because, fact }: ToldEntry) {
  const known = (['welcome', 'first-order', 'first-order-undone', 'birthday'] as const).find((code) => code === because);
  return known ?? (fact === null ? 'grant' : 'tier');
}
