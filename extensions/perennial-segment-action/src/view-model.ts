import type { AdminSegment, GivePointsAnswer, PointGift } from '../../../app/contracts/admin-blocks.ts';
import type { Reply } from '../../admin-kit/src/ask-admin.ts';
import { formatAmount, say } from '../../admin-kit/src/words.ts';
import type { Wording } from '../../admin-kit/src/words.ts';

export type KnownSegment = Extract<AdminSegment, { state: 'known' }>;

/** What the app may say of a field, or of the whole. */
export const PROBLEMS = [
  'missing', 'not-a-number', 'out-of-range', 'too-long', 'no-program', 'not-running', 'no-segment', 'empty', 'too-many', 'under-way', 'not-allowed', 'over-own-limit', 'not-confirmed', 'other-request',
  'unavailable', 'trouble',
]; // prettier-ignore

// The app answers in its contract's shape, which only grows.

export function readSegment(reply: Reply): AdminSegment {
  return reply.kind === 'answer' && hasState(reply.body) ? (reply.body as AdminSegment) : { state: 'unavailable' };
}

export function readGiveAnswer(reply: Reply): GivePointsAnswer {
  if (reply.kind === 'answer' && hasState(reply.body)) return reply.body as GivePointsAnswer;
  return { state: 'refused', errors: [{ field: null, code: 'trouble' }] };
}

/** Null when it could not be asked for. */
export function readGift(reply: Reply): PointGift | null {
  return reply.kind === 'answer' && hasState(reply.body) ? (reply.body as PointGift) : null;
}

function hasState(body: unknown): body is { state: unknown } {
  return typeof body === 'object' && body !== null && 'state' in body;
}

/** Why nothing can be given to this segment, whatever is filled in; null where it can. */
export function hindranceOf({ customers, mostCustomers, program }: KnownSegment, wording: Wording): string | null {
  if (program === 'none') return wording.translate('problem_no-program');
  if (program === 'off' || program === 'over') return wording.translate('problem_not-running');
  if (customers === 0) return wording.translate('problem_empty');
  return customers > mostCustomers ? wording.translate('problem_too-many') : null;
}

export interface Preview {
  total: number;
  lines: string[];
}

/** What the points would come to; null while no number that can be given stands in the field. */
export function previewOf(points: string, { customers, mostPointsEach, worth }: KnownSegment, wording: Wording): Preview | null {
  const text = points.trim();
  const each = /^\d{1,12}$/.test(text) ? Number(text) : 0;
  if (each === 0 || each > mostPointsEach) return null;
  const total = each * customers;
  const sum = say('total', total, wording, { customers: wording.formatNumber(customers) });
  if (worth === null || worth.points <= 0) return { total, lines: [sum, wording.translate('costUnknown')] };
  // So large that it could be off by a minor unit is larger than a cost that anybody reads to the cent.
  const costMinor = Math.round((total * worth.amount.amountMinor) / worth.points);
  return { total, lines: [sum, wording.translate('cost', { amount: formatAmount({ ...worth.amount, amountMinor: costMinor }, wording) })] };
}

export interface GiftView {
  tone: 'info' | 'success' | 'warning';
  heading: string;
  lines: string[];
}

export function viewGift({ state, pointsEach, expected, seen, given, excluded, unknown }: PointGift, wording: Wording): GiftView {
  const { translate, formatNumber } = wording;
  const left = [...(excluded > 0 ? [say('excluded', excluded, wording)] : []), ...(unknown > 0 ? [say('unknown', unknown, wording)] : [])];
  const got = say('given', given, wording, { points: formatNumber(pointsEach * given) });
  switch (state) {
    case 'giving':
      // People come into a segment while it is read.
      return { tone: 'info', heading: translate('giving'), lines: [translate('progress', { seen: formatNumber(seen), expected: formatNumber(Math.max(expected, seen)) }), translate('mayClose')] };
    case 'completed':
      return { tone: 'success', heading: translate('completed'), lines: [got, ...left] };
    default:
      return { tone: 'warning', heading: translate(state === 'stopped' ? 'stopped' : 'failed'), lines: [got, ...left, translate('goOnThere')] };
  }
}
