import { summarizeCustomers } from '../columns/customer-summaries.ts';
import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import { orderGapsOf } from './days-between-orders.ts';
import { deriveRhythm, lifecycleStageCodes, lifecycleStateCodes } from './lifecycle.ts';
import type { Rhythm } from './lifecycle.ts';
import { rfmGroupCodes, scoreRfm } from './rfm.ts';
import type { RfmScoring } from './rfm.ts';

/**
 * A row for each selected customer who has ordered by the as-of day, as columns, so that a million of them are filtered
 * and paged without an object each. `customers[i]` is the index of row i in the order columns, for `customerKeyAt`.
 */
export interface CustomerRows extends CustomerSummaries, RfmScoring {
  /** Place in RFM_GROUPS. */
  readonly groups: Uint8Array;
  /** Place in LIFECYCLE_STATES. */
  readonly states: Uint8Array;
  /** Place in LIFECYCLE_STAGES. */
  readonly stages: Uint8Array;
  readonly rhythm: Rhythm;
}

/**
 * Scores and states are those among the selected customers, as in the report of the selection. A list that is filtered
 * takes the rows of everybody once and chooses among them: a customer does not change group because of a filter.
 */
export function computeCustomerRows(columns: OrderColumns, selection: Selection, asOf: AsOf): CustomerRows {
  const summaries = summarizeCustomers(columns, selection, asOf);
  const scoring = scoreRfm(summaries, asOf);
  const rhythm = deriveRhythm(orderGapsOf(summaries));
  return {
    ...summaries,
    ...scoring,
    groups: rfmGroupCodes(scoring),
    states: lifecycleStateCodes(summaries, rhythm, asOf),
    stages: lifecycleStageCodes(summaries, asOf),
    rhythm,
  };
}
