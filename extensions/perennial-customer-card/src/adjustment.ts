import type { AdjustPointsAnswer, AdjustPointsRequest } from '../../../app/contracts/admin-blocks.ts';
import type { Reply } from '../../admin-kit/src/ask-admin.ts';

/** As the app has it. */
export const MOST_POINTS = 10_000_000;

/** What the app may say of a field, or of the whole. */
export const PROBLEMS = [
  ...['missing', 'not-a-number', 'out-of-range', 'too-long', 'no-program', 'unknown-customer', 'forgotten', 'unknown-member'],
  ...['not-allowed', 'over-own-limit', 'over-limit', 'not-confirmed', 'other-request', 'trouble'],
];

const TROUBLE: AdjustPointsAnswer = { state: 'refused', errors: [{ field: null, code: 'trouble' }] };

export function readAdjustAnswer(reply: Reply): AdjustPointsAnswer {
  if (reply.kind !== 'answer') return TROUBLE;
  const { body } = reply;
  const isAnswer = typeof body === 'object' && body !== null && 'state' in body;
  return isAnswer ? (body as AdjustPointsAnswer) : TROUBLE;
}

/** What the customer would have then; null while no whole number stands in the field. */
export function balanceAfter(balance: number, { direction, points }: Pick<AdjustPointsRequest, 'direction' | 'points'>): number | null {
  const text = points.trim();
  const number = /^\d{1,12}$/.test(text) ? Number(text) : 0;
  if (number === 0 || number > MOST_POINTS) return null;
  return direction === 'give' ? balance + number : balance - number;
}
