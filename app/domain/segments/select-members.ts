import { firstWhere } from '../retention/columns/find-first.ts';
import type { CodeColumn, NumberColumn } from '../retention/columns/number-column.ts';
import { customerOfRow } from '../retention/metrics/customer-rows.ts';
import type { CustomerRows } from '../retention/metrics/customer-rows.ts';
import { LIFECYCLE_STAGES, LIFECYCLE_STATES, RFM_GROUPS } from '../retention/report/report.ts';
import { markFirstProduct } from './mark-first-product.ts';
import { markUrgencies } from './mark-urgencies.ts';
import type { SegmentScope } from './segment-scope.ts';
import type { ChoiceCondition, Condition, RangeCondition, Segment } from './segment.ts';

export interface Members {
  readonly count: number;
  /** 1 for each row of `SegmentScope.rows` that belongs, else 0. */
  readonly isMember: Uint8Array;
  /** Conditions on what is not known of anybody: nobody meets them. */
  readonly notKnown: readonly Condition['field'][];
}

/** Who belongs: one pass over one column for each condition, whatever the number of customers. */
export function selectMembers(scope: SegmentScope, { match, conditions }: Segment): Members {
  const { count } = scope.rows;
  const notKnown: Condition['field'][] = [];
  const isMember = new Uint8Array(count);
  const isAny = match === 'any' && conditions.length > 0;
  if (!isAny) isMember.fill(1);
  // Each pass writes all of it, so one serves all conditions.
  const meets = new Uint8Array(count);
  for (const condition of conditions) {
    if (!markMeeting(scope, condition, meets)) {
      notKnown.push(condition.field);
      meets.fill(0);
    }
    if (isAny) for (let i = 0; i < count; i += 1) isMember[i] = (isMember[i] ?? NaN) | (meets[i] ?? NaN);
    else for (let i = 0; i < count; i += 1) isMember[i] = (isMember[i] ?? NaN) & (meets[i] ?? NaN);
  }
  return { count: countOf(isMember), isMember, notKnown };
}

export function countOf(isMember: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < isMember.length; i += 1) count += isMember[i] ?? NaN;
  return count;
}

/** False when nothing is known of anybody. */
function markMeeting(scope: SegmentScope, condition: Condition, meets: Uint8Array): boolean {
  return condition.kind === 'range' ? markRange(scope, condition, meets) : markChoice(scope, condition, meets);
}

function markRange({ rows, asOf, predictions }: SegmentScope, condition: RangeCondition, meets: Uint8Array): boolean {
  const from = condition.from ?? -Infinity;
  const to = condition.to ?? Infinity;
  switch (condition.field) {
    case 'orders':
      return markBetween(rows.orders, { from, to }, meets);
    case 'spentMinor':
      return markBetween(rows.revenueMinor, { from, to }, meets);
    case 'spentScore':
      return markBetween(rows.m, { from, to }, meets);
    case 'averageOrderMinor':
      return markBetween(averageOrders(rows), { from, to }, meets);
    case 'daysSinceFirstOrder':
      return markBetween(rows.firstDays, { from: asOf.day - to, to: asOf.day - from }, meets);
    case 'daysSinceLastOrder':
      return markBetween(rows.lastDays, { from: asOf.day - to, to: asOf.day - from }, meets);
    case 'pAlive':
      return markBetween(predictions?.pAlive ?? null, { from, to }, meets);
    case 'expectedOrders365':
      return markBetween(predictions?.expectedOrders365 ?? null, { from, to }, meets);
    case 'predictedClv365Minor':
      return markBetween(predictions?.predictedClv365Minor ?? null, { from, to }, meets);
  }
}

function averageOrders({ count, revenueMinor, orders }: SegmentScope['rows']): Float64Array {
  const averages = new Float64Array(count);
  for (let i = 0; i < count; i += 1) averages[i] = Math.round((revenueMinor[i] ?? NaN) / (orders[i] ?? NaN));
  return averages;
}

function markBetween(values: NumberColumn | null, { from, to }: { from: number; to: number }, meets: Uint8Array): boolean {
  if (values === null) return false;
  if (values.length !== meets.length) throw new RangeError(`${values.length} values of ${meets.length} customers`);
  for (let i = 0; i < meets.length; i += 1) {
    const value = values[i] ?? NaN;
    meets[i] = value >= from && value <= to ? 1 : 0;
  }
  return true;
}

function markChoice(scope: SegmentScope, { field, anyOf }: ChoiceCondition, meets: Uint8Array): boolean {
  const { rows } = scope;
  switch (field) {
    case 'rfmGroup':
      return markCodes(rows.groups, isWanted(RFM_GROUPS, anyOf), meets);
    case 'state':
      return markCodes(rows.states, isWanted(LIFECYCLE_STATES, anyOf), meets);
    case 'stage':
      return markCodes(rows.stages, isWanted(LIFECYCLE_STAGES, anyOf), meets);
    case 'country':
    case 'region':
    case 'channel':
    case 'discountCode':
    case 'presentmentCurrency': {
      const { values, codes } = scope.columns.dimensions[field];
      return markCodesOfFirstOrders(scope, { codes, wanted: isWanted(values, anyOf) }, meets);
    }
    case 'firstProduct':
      return markFirstProduct(scope, anyOf, meets);
    case 'replenishment':
      return markUrgencies(scope, anyOf, meets);
    case 'tier':
      return markTiers(scope, anyOf, meets);
  }
}

/** Of each code, whether its value is asked for. */
function isWanted(values: readonly (string | null)[], anyOf: readonly (string | null)[]): Uint8Array {
  const asked = new Set(anyOf);
  return Uint8Array.from(values, (value) => (asked.has(value) ? 1 : 0));
}

function markCodes(codes: Uint8Array, wanted: Uint8Array, meets: Uint8Array): boolean {
  for (let i = 0; i < meets.length; i += 1) meets[i] = wanted[codes[i] ?? NaN] ?? NaN;
  return true;
}

interface OrderCodes {
  readonly codes: CodeColumn;
  readonly wanted: Uint8Array;
}

function markCodesOfFirstOrders({ columns, rows }: SegmentScope, { codes, wanted }: OrderCodes, meets: Uint8Array): boolean {
  const { customerOffsets } = columns;
  for (let i = 0; i < meets.length; i += 1) {
    meets[i] = wanted[codes[customerOffsets[customerOfRow(rows, i)] ?? NaN] ?? NaN] ?? NaN;
  }
  return true;
}

function markTiers({ rows, tiers }: SegmentScope, anyOf: readonly (string | null)[], meets: Uint8Array): boolean {
  if (tiers === null) return false;
  const wanted = isWanted([null, ...tiers.levels.map(({ id }) => id)], anyOf);
  for (let i = 0; i < meets.length; i += 1) meets[i] = wanted[tiers.codes[customerOfRow(rows, i)] ?? NaN] ?? NaN;
  return true;
}

/** The row of a customer, or -1 for one who has not ordered by the as-of day. Rows are ascending by customer. */
export function rowOfCustomer(rows: Pick<CustomerRows, 'count' | 'customers'>, customer: number): number {
  const row = firstWhere(0, rows.count, (at) => customerOfRow(rows, at) >= customer);
  return row < rows.count && customerOfRow(rows, row) === customer ? row : -1;
}
