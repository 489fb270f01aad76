import { numberAt } from '../columns/number-column.ts';
import { productAt } from '../products/line-columns.ts';
import type { ProductScope } from '../products/product-scope.ts';
import { readPurchaseDays } from '../products/purchase-days.ts';
import { computeRhythms } from '../products/replenishment.ts';
import type { Rhythm } from '../products/replenishment.ts';
import { MIN_CONCERNED, MIN_EARLIER } from './enough.ts';
import type { RefillAction } from './weekly-action.ts';

/**
 * The product that most money waits for among those whose rhythm is known: its customers who are due, and what became of
 * customers who had been silent as long before. An earlier case is each time between two purchases of it, and each silence
 * after a last one, that went on to the first of these days; a silence that is not over counts for neither side.
 */
export function deriveRefillAction(scope: ProductScope): RefillAction | null {
  const rhythms = computeRhythms(scope);
  if (rhythms.size === 0) return null;
  const cases = countCases(scope, rhythms);
  const orderMinor = meanOrderMinor(scope, rhythms);
  let best: RefillAction | null = null;
  for (const [product, { fromDays, toDays, due, earlier, cameBack }] of cases) {
    if (due < MIN_CONCERNED || earlier < MIN_EARLIER) continue;
    const usualShare = cameBack / earlier;
    const atStakeMinor = Math.round(due * usualShare * numberAt(orderMinor, product));
    if (best !== null && best.atStakeMinor >= atStakeMinor) continue;
    best = { kind: 'refill', productTitle: productAt(scope.lines, product).title, customers: due, fromDays, toDays, earlier, usualShare, atStakeMinor };
  }
  return best;
}

interface Cases {
  /** Whole days since the last purchase in which a customer is due. */
  readonly fromDays: number;
  readonly toDays: number;
  due: number;
  earlier: number;
  cameBack: number;
}

function countCases(scope: ProductScope, rhythms: ReadonlyMap<number, Rhythm>): Map<number, Cases> {
  const cases = new Map<number, Cases>();
  for (const [product, { p25Days, p75Days }] of rhythms) {
    cases.set(product, { fromDays: Math.ceil(p25Days), toDays: Math.ceil(p75Days) - 1, due: 0, earlier: 0, cameBack: 0 });
  }
  const ofProduct = Array.from(scope.lines.dictionary, (_, product) => cases.get(product));
  readPurchaseDays(scope, {
    readGap(product, gapDays) {
      const found = ofProduct[product];
      if (found === undefined || gapDays < found.fromDays) return;
      found.earlier += 1;
      if (gapDays <= found.toDays) found.cameBack += 1;
    },
    readLastDay(product, _customer, day) {
      const found = ofProduct[product];
      const silentDays = scope.asOf.day - day;
      if (found === undefined || silentDays < found.fromDays) return;
      if (silentDays <= found.toDays) found.due += 1;
      else found.earlier += 1;
    },
  });
  return cases;
}

/** Per product with a rhythm: what an order of a customer with it in comes to, all that else was in it included. */
function meanOrderMinor({ columns, lines, selection, asOf }: ProductScope, rhythms: ReadonlyMap<number, Rhythm>): Float64Array {
  const { customerOffsets, days, valuesMinor } = columns;
  const { lineOffsets, products, dictionary } = lines;
  const [sums, orders] = [new Float64Array(dictionary.length), new Uint32Array(dictionary.length)];
  const lastOrders = new Int32Array(dictionary.length).fill(-1);
  const hasRhythm = Uint8Array.from(dictionary, (_, product) => (rhythms.has(product) ? 1 : 0));
  for (let k = 0; k < selection.customers.length; k += 1) {
    const customer = selection.customers[k] ?? NaN;
    const end = customerOffsets[customer + 1] ?? NaN;
    for (let order = customerOffsets[customer] ?? NaN; order < end && (days[order] ?? NaN) <= asOf.day; order += 1) {
      const endLine = lineOffsets[order + 1] ?? NaN;
      for (let line = lineOffsets[order] ?? NaN; line < endLine; line += 1) {
        const product = products[line] ?? NaN;
        if (hasRhythm[product] !== 1 || lastOrders[product] === order) continue;
        lastOrders[product] = order;
        sums[product] = (sums[product] ?? NaN) + (valuesMinor[order] ?? NaN);
        orders[product] = (orders[product] ?? NaN) + 1;
      }
    }
  }
  return sums.map((sum, product) => sum / (orders[product] ?? NaN));
}
