import type { Segment } from '../../segments/segment.ts';
import { writeUrgencyChoice } from '../../segments/urgency-choice.ts';
import { numberAt } from '../columns/number-column.ts';
import { productAt } from '../products/line-columns.ts';
import type { ProductScope } from '../products/product-scope.ts';
import { readPurchaseDays } from '../products/purchase-days.ts';
import { computeRhythms } from '../products/replenishment.ts';
import type { Rhythm } from '../products/replenishment.ts';
import { SilenceCases } from './silence-cases.ts';
import { stakeOf } from './stake.ts';
import type { RefillAction } from './weekly-action.ts';

/**
 * The product that most money waits for among those whose rhythm is known: its customers who are due, and what became of
 * those who had gone without it as long. Silent of a product is who does not buy it, whatever else they order.
 */
export function deriveRefillAction(scope: ProductScope): RefillAction | null {
  const rhythms = computeRhythms(scope);
  if (rhythms.size === 0) return null;
  const orderMinor = meanOrderMinor(scope, rhythms);
  let best: RefillAction | null = null;
  for (const [product, { fromDays, toDays, due, cases }] of readDue(scope, rhythms)) {
    const usual = cases.usualReturn(due);
    if (usual === null) continue;
    const stake = stakeOf({ number: usual.customers, chance: usual.usualShare, orderMinor: numberAt(orderMinor, product) });
    if (best !== null && best.stake.worthMinor >= stake.worthMinor) continue;
    const { id, title } = productAt(scope.lines, product);
    const anyOf = [writeUrgencyChoice({ urgency: 'due', product: String(id) })];
    const segment: Segment = { match: 'all', conditions: [{ kind: 'choice', field: 'replenishment', anyOf }] };
    best = { kind: 'refill', productTitle: title, ...usual, segment, fromDays, toDays, stake };
  }
  return best;
}

interface DueForProduct {
  /** Whole days since the last purchase in which a customer is due. */
  readonly fromDays: number;
  readonly toDays: number;
  /** Days since the last purchase, of each customer who is due. */
  readonly due: number[];
  readonly cases: SilenceCases;
}

function readDue(scope: ProductScope, rhythms: ReadonlyMap<number, Rhythm>): Map<number, DueForProduct> {
  const products = new Map<number, DueForProduct>();
  for (const [product, { p25Days, p75Days }] of rhythms) {
    const [fromDays, toDays] = [Math.ceil(p25Days), Math.ceil(p75Days) - 1];
    products.set(product, { fromDays, toDays, due: [], cases: new SilenceCases(toDays) });
  }
  const ofProduct = Array.from(scope.lines.dictionary, (_, product) => products.get(product));
  readPurchaseDays(scope, {
    readGap(product, { fromDay, days }) {
      ofProduct[product]?.cases.add(scope.asOf.day - fromDay, days);
    },
    readLastDay(product, _customer, day) {
      const found = ofProduct[product];
      if (found === undefined) return;
      const silentDays = scope.asOf.day - day;
      if (silentDays >= found.fromDays && silentDays <= found.toDays) found.due.push(silentDays);
      found.cases.add(silentDays, Infinity);
    },
  });
  return products;
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
