import type { Silence } from '#app/adapters/shopify/customer-names.server.ts';
import { countCutValues } from '#app/domain/retention/columns/cut-values.ts';
import { lowerBound } from '#app/domain/retention/columns/customer-keys.ts';
import { numberAt } from '#app/domain/retention/columns/number-column.ts';
import { customerKeyAt } from '#app/domain/retention/columns/order-columns.ts';
import type { OrderColumns, OrderDimension } from '#app/domain/retention/columns/order-columns.ts';
import { customerOfRow } from '#app/domain/retention/metrics/customer-rows.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import { NO_ORDER_DAY } from '#app/domain/retention/predictions/customer-predictions.ts';
import { LIFECYCLE_STAGES, LIFECYCLE_STATES, RFM_GROUPS } from '#app/domain/retention/report/report.ts';
import type { LifecycleStage, LifecycleState, RfmGroup } from '#app/domain/retention/report/report.ts';
import { customerKeyFromText, pageKeyToQuery } from '#app/domain/segments/page-key-query.ts';
import { pageOfCustomers } from '#app/domain/segments/page-of-customers.ts';
import type { PageKey, SortOrder } from '#app/domain/segments/page-of-customers.ts';
import type { SegmentScope } from '#app/domain/segments/segment-scope.ts';
import type { ChoiceCondition, Condition, Segment } from '#app/domain/segments/segment.ts';
import { countOf, rowOfCustomer, selectMembers } from '#app/domain/segments/select-members.ts';
import { readUrgencyChoice } from '#app/domain/segments/urgency-choice.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { loadCustomers, needsOf } from '#app/services/retention/customer-scope.server.ts';
import { loadTierNames } from '#app/services/retention/customer-tiers.server.ts';
import type { CustomerSearch } from '#app/services/retention/search-customers.server.ts';
import { searchCustomers } from '#app/services/retention/search-customers.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export const CUSTOMERS_A_PAGE = 50;
/** More values than this nobody reads through in a menu. */
const VALUES_OFFERED = 30;

export interface CustomersListQuestion {
  asOf: string | null;
  segment: Segment;
  sort: SortOrder;
  after: PageKey | null;
  before: PageKey | null;
  /** A name, an e-mail, the number of a customer or of an order; null for everybody. */
  search: string | null;
}

/** What the list shows of one customer. */
export interface CustomerRow {
  /** Shopify's number, or null for a customer who was forgotten. */
  id: string | null;
  /** Tells rows apart. */
  key: string;
  orders: number;
  spentMinor: number;
  firstOrder: string;
  lastOrder: string;
  group: RfmGroup;
  state: LifecycleState;
  stage: LifecycleStage;
  pAlive: number | null;
  predictedClv365Minor: number | null;
  /** `YYYY-MM-DD`, 'never' within a year, or null where it is not known. */
  nextOrder: string | null;
}

/**
 * What there is to choose among, those of most customers first; null is "not known". Tiers are from the lowest on, with
 * those who are no members at the end, and none where the program has none.
 */
export type FilterChoices = Record<OrderDimension | 'tier', (string | null)[]>;

export interface CustomersList {
  asOf: string;
  today: string;
  currency: string;
  timeZone: string;
  counting: OrderCounting;
  /** When our copy last took in a change or found that there was none; epoch milliseconds. */
  freshAtMs: number | null;
  rows: CustomerRow[];
  /** Members, members that stand before the first row, and all customers who have ordered. */
  count: number;
  precedingCount: number;
  customers: number;
  next: string | null;
  previous: string | null;
  /** Conditions on what nothing is known of. */
  notKnown: Condition['field'][];
  /** What was found by the words, before the conditions. Null without words. */
  search: { found: number; withoutOrders: number; hasMore: boolean; silence: Silence | null } | null;
  choices: FilterChoices;
  hasPredictions: boolean;
  /** They are being computed, and there in a moment. */
  isPredicting: boolean;
  isRuleInUse: boolean;
  /** Titles of the products that the conditions name, by their keys. */
  productTitles: Record<string, string>;
  /** Of the tiers there are, by their ids. */
  tierNames: Record<string, string>;
}

/** A page of the customers of a segment, in an order; null while currency and time zone are not known. */
export async function listCustomers(context: ShopContext, question: CustomersListQuestion): Promise<CustomersList | null> {
  const { search, ...rest } = question;
  return listFound(context, { ...rest, searched: search === null ? null : await searchCustomers(context, search) });
}

export interface FoundListQuestion extends Omit<CustomersListQuestion, 'search'> {
  searched: CustomerSearch | null;
}

/** From fewer orders on than other pages: the models that are fitted for it take their time. */
export const listFound = computedApart('customers', computeList, { fromOrders: 20_000 });

async function computeList(context: ShopContext, question: FoundListQuestion): Promise<CustomersList | null> {
  const { segment, sort, after, before, searched } = question;
  const loaded = await loadCustomers(context, { asOf: question.asOf, needs: needsOf(segment, sort.by) });
  if (loaded === null) return null;
  const { scope, facts, asOf, today, isPredicting } = loaded;
  const { columns } = scope;
  const { isMember, notKnown } = selectMembers(scope, segment);
  const found = searched === null ? null : keepFound(scope, isMember, searched.customerIds);
  const page = pageOfCustomers(scope, isMember, { sort, after, before, size: CUSTOMERS_A_PAGE });
  return {
    ...{ asOf, today, currency: columns.currency, timeZone: columns.timeZone, counting: columns.counting },
    freshAtMs: facts.freshAtMs,
    rows: page.rows.map((row) => customerRowOf(scope, row)),
    count: countOf(isMember),
    precedingCount: page.precedingCount,
    customers: scope.rows.count,
    next: page.next === null ? null : pageKeyToQuery(page.next),
    previous: page.previous === null ? null : pageKeyToQuery(page.previous),
    notKnown: [...notKnown],
    search:
      searched === null || found === null
        ? null
        : { found, withoutOrders: searched.customerIds.length - found, hasMore: searched.hasMore, silence: searched.silence },
    ...(await loadChoices(context, columns)),
    hasPredictions: scope.predictions !== null,
    isPredicting,
    isRuleInUse: scope.predictions?.inUse === 'simpleRule',
    productTitles: titlesOf(scope, segment),
  };
}

/** Leaves those who were found among the members. @returns how many of those found have ordered */
export function keepFound({ columns, rows }: SegmentScope, isMember: Uint8Array, customerIds: readonly bigint[]): number {
  const found = new Set<number>();
  for (const id of customerIds) {
    const key = customerKeyFromText(String(id));
    const customer = lowerBound(columns.customerKeys, key);
    const row = columns.customerKeys[customer] === key ? rowOfCustomer(rows, customer) : -1;
    if (row !== -1) found.add(row);
  }
  const members = [...found].filter((row) => isMember[row] === 1);
  isMember.fill(0);
  for (const row of members) isMember[row] = 1;
  return found.size;
}

export function customerRowOf({ columns, rows, predictions }: SegmentScope, row: number): CustomerRow {
  const key = String(customerKeyAt(columns, customerOfRow(rows, row)));
  const at = <T>(names: readonly [T, ...T[]], codes: Uint8Array): T => names[numberAt(codes, row)] ?? names[0];
  const isPredicted = predictions !== null && !Number.isNaN(predictions.expectedOrders365[row]);
  const nextDay = isPredicted ? (predictions.nextOrderDay?.[row] ?? null) : null;
  return {
    ...{ id: isForgotten(key) ? null : key, key },
    orders: numberAt(rows.orders, row),
    spentMinor: numberAt(rows.revenueMinor, row),
    firstOrder: formatDay(numberAt(rows.firstDays, row)),
    lastOrder: formatDay(numberAt(rows.lastDays, row)),
    group: at(RFM_GROUPS, rows.groups),
    state: at(LIFECYCLE_STATES, rows.states),
    stage: at(LIFECYCLE_STAGES, rows.stages),
    pAlive: isPredicted ? (predictions.pAlive?.[row] ?? null) : null,
    predictedClv365Minor: isPredicted ? (predictions.predictedClv365Minor?.[row] ?? null) : null,
    nextOrder: nextDay === null ? null : nextDay === NO_ORDER_DAY ? 'never' : formatDay(nextDay),
  };
}

/** A pseudonym is negative. */
export function isForgotten(key: string): boolean {
  return key.startsWith('-');
}

export function titlesOf({ lines }: SegmentScope, { conditions }: Segment): Record<string, string> {
  if (lines === null) return {};
  const asked = new Set(conditions.flatMap((condition) => (condition.kind === 'choice' ? productsNamedIn(condition) : [])));
  return Object.fromEntries(lines.dictionary.filter(({ id }) => asked.has(String(id))).map(({ id, title }) => [String(id), title]));
}

function productsNamedIn({ field, anyOf }: ChoiceCondition): readonly (string | null)[] {
  if (field === 'replenishment') return anyOf.map((value) => readUrgencyChoice(value)?.product ?? null);
  return field === 'firstProduct' ? anyOf : [];
}

type ChoicesOfOrders = Omit<FilterChoices, 'tier'>;

/** What conditions can be chosen among, and what is called by a key alone. */
export async function loadChoices(context: ShopContext, columns: OrderColumns): Promise<{ choices: FilterChoices; tierNames: Record<string, string> }> {
  const tiers = await loadTierNames(context);
  return {
    choices: { ...choicesOfOrders(columns), tier: tiers === null ? [] : [...tiers.map(({ id }) => id), null] },
    tierNames: Object.fromEntries((tiers ?? []).map(({ id, name }) => [id, name])),
  };
}

const keptChoices = new WeakMap<OrderColumns, ChoicesOfOrders>();

function choicesOfOrders(columns: OrderColumns): ChoicesOfOrders {
  const kept = keptChoices.get(columns);
  if (kept !== undefined) return kept;
  const of = (dimension: OrderDimension) => countCutValues(columns, dimension).slice(0, VALUES_OFFERED).map(({ value }) => value);
  const choices = {
    country: of('country'),
    region: of('region'),
    channel: of('channel'),
    discountCode: of('discountCode'),
    presentmentCurrency: of('presentmentCurrency'),
  };
  keptChoices.set(columns, choices);
  return choices;
}
