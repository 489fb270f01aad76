import type { CustomerTiers } from '../retention/columns/customer-tiers.ts';
import type { OrderColumns } from '../retention/columns/order-columns.ts';
import type { AsOf } from '../retention/columns/time-window.ts';
import type { CustomerRows } from '../retention/metrics/customer-rows.ts';
import type { PredictionsInUse } from '../retention/predictions/predictions-in-use.ts';
import type { LineColumns } from '../retention/products/line-columns.ts';
import type { Urgencies } from '../retention/products/replenishment-urgency.ts';

/** What segments are evaluated over: everybody who has ordered by the as-of day. */
export interface SegmentScope {
  readonly columns: OrderColumns;
  /** Of everybody: a customer does not change group because of a filter. */
  readonly rows: CustomerRows;
  readonly asOf: AsOf;
  /** Entries as in `rows`. Null while they are not known. */
  readonly predictions: PredictionsInUse | null;
  /** Beside `columns`. Null where no condition asks for a product. */
  readonly lines: LineColumns | null;
  /** `computeUrgencies` of the same. Null where no condition asks for it, or nothing is known. */
  readonly urgencies: Urgencies | null;
  /** Of all the columns' customers. Null where no condition asks for them, or there are none. */
  readonly tiers: CustomerTiers | null;
}
