import type { WayToEarn } from '../../../app/contracts/shopper-loyalty.ts';
import { readAmount, readNumber, readNumberOrNull, readText, readTextOrNull } from './read-fields.ts';

export function readWayToEarn(way: Record<string, unknown>): WayToEarn | null {
  const points = readNumber(way.points);
  switch (way.kind) {
    case 'order': {
      const per = readAmount(way.per);
      return per && { kind: 'order', points, per, tierFactorBasisPoints: readNumberOrNull(way.tierFactorBasisPoints) };
    }
    case 'threshold': {
      const minimum = readAmount(way.minimum);
      return minimum && { kind: 'threshold', points, minimum };
    }
    case 'multiplier':
      return {
        kind: 'multiplier',
        name: readText(way.name),
        factorBasisPoints: readNumber(way.factorBasisPoints),
        endsAt: readTextOrNull(way.endsAt),
      };
    case 'welcome':
      return { kind: 'welcome', points, isDone: way.isDone === true, isComing: way.isComing === true };
    case 'first-order':
      return { kind: 'first-order', points, isDone: way.isDone === true };
    case 'birthday':
      return { kind: 'birthday', points };
    default:
      return null;
  }
}
