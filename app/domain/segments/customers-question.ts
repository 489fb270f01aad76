import { pageKeyFromQuery } from './page-key-query.ts';
import { CUSTOMER_SORTS } from './page-of-customers.ts';
import type { PageKey, SortOrder } from './page-of-customers.ts';
import { segmentFromQuery } from './segment-query.ts';
import type { Condition, Segment } from './segment.ts';

export interface CustomersQuery {
  asOf: string | null;
  segment: Segment;
  /** Names of conditions that could not be read. */
  unread: Condition['field'][];
  sort: SortOrder;
  /** As the address has it: `spent-desc`. */
  sortName: string;
  after: PageKey | null;
  before: PageKey | null;
  /** Null where nothing is searched for. */
  search: string | null;
}

const SEARCH_LENGTH = 100;

/** What the address of the list asks for: conditions, `sort=spent-desc`, `after` or `before` a place, `q`, `asOf`. */
export function customersQuestionOf(query: URLSearchParams): CustomersQuery {
  const [by, direction] = (query.get('sort') ?? '').split('-');
  const known = CUSTOMER_SORTS.find((sort) => sort === by);
  const sort: SortOrder = known === undefined ? { by: 'spent', isDescending: true } : { by: known, isDescending: direction !== 'asc' };
  const search = (query.get('q') ?? '').trim().slice(0, SEARCH_LENGTH);
  return {
    ...segmentFromQuery(query),
    asOf: query.get('asOf'),
    sort,
    sortName: `${sort.by}-${sort.isDescending ? 'desc' : 'asc'}`,
    after: pageKeyFromQuery(query.get('after')),
    before: pageKeyFromQuery(query.get('before')),
    search: search === '' ? null : search,
  };
}
