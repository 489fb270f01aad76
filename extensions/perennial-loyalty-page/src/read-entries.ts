import type { BirthdayAnswer, ShopperEntries, ShopperEntry } from '../../../app/contracts/shopper-loyalty.ts';
import { isRecord } from '../../shopper-kit/src/is-record.ts';
import { readList, readNumber, readNumberOrNull, readText, readTextOrNull, readWord } from '../../shopper-kit/src/read-fields.ts';

const KINDS = [
  'order',
  'order-changed',
  'welcome',
  'first-order',
  'birthday',
  'tier',
  'spendable',
  'expired',
  'redeemed',
  'returned',
  'adjusted',
  'imported',
  'merged',
] as const;

export function readEntries(body: unknown): ShopperEntries {
  const answer = isRecord(body) ? body : {};
  return { entries: readList(answer.entries, readEntry), next: readNumberOrNull(answer.next) };
}

function readEntry(entry: Record<string, unknown>): ShopperEntry | null {
  const kind = readWord(entry.kind, KINDS);
  if (kind === null) return null;
  return {
    sequence: readNumber(entry.sequence),
    at: readText(entry.at),
    kind,
    points: readNumber(entry.points),
    isPending: entry.isPending === true,
    orderName: readTextOrNull(entry.orderName),
    rewardName: readTextOrNull(entry.rewardName),
  };
}

/** `trouble` for what is no answer of ours. */
export function readBirthdayAnswer(body: unknown): BirthdayAnswer | 'trouble' {
  if (!isRecord(body)) return 'trouble';
  if (body.state === 'refused') {
    return { state: 'refused', reason: readWord(body.reason, ['already-set', 'excluded', 'not-yet']) ?? 'closed' };
  }
  if (body.state !== 'saved' || !isRecord(body.birthday)) return 'trouble';
  const { points, day } = body.birthday;
  return {
    state: 'saved',
    birthday: { points: readNumberOrNull(points), day: readTextOrNull(day), canSet: body.birthday.canSet === true },
  };
}
