import { cutFromQuery } from '#app/domain/retention/columns/cut-query.ts';
import type { Cut } from '#app/domain/retention/columns/cut-query.ts';
import { daysOfCohort } from '#app/domain/retention/metrics/cohort-days.ts';
import { segmentToQuery } from '#app/domain/segments/segment-query.ts';
import type { Condition } from '#app/domain/segments/segment.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';

export interface CustomersLinkScope {
  asOf: string;
  /** As addresses carry it; null for everybody. */
  cut?: string | null;
}

/** Where the customers are listed who meet all conditions, in the same cut. */
export function customersLink({ asOf, cut: cutText = null }: CustomersLinkScope, conditions: readonly Condition[]): string {
  const cut = cutFromQuery(cutText);
  const ofCut: Condition[] = cut === null || conditions.some((condition) => isThatOf(cut, condition)) ? [] : [{ kind: 'choice', field: cut.dimension, anyOf: [cut.value] }];
  const query = segmentToQuery({ match: 'all', conditions: [...conditions, ...ofCut] });
  return `/app/customers?${new URLSearchParams([['asOf', asOf], ...query])}`;
}

/** Whether a condition asks what the cut asks. One of the same field for another value is a second one: who meets both. */
function isThatOf({ dimension, value }: Cut, condition: Condition): boolean {
  return condition.kind === 'choice' && condition.field === dimension && condition.anyOf.length === 1 && condition.anyOf[0] === value;
}

/** Where the customers of a cohort are listed, in the same cut. */
export function cohortLinks(scope: CustomersLinkScope): (cohort: string) => string | null {
  const asOfDay = parseDay(scope.asOf);
  return (cohort) => {
    const days = daysOfCohort(cohort);
    if (days === null || asOfDay === null) return null;
    const range = { from: Math.max(0, asOfDay - days.lastDay), to: asOfDay - days.firstDay };
    return customersLink(scope, [{ kind: 'range', field: 'daysSinceFirstOrder', ...range }]);
  };
}
