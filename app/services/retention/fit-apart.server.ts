import { ComputingThread, isComputingThread } from '#app/adapters/threads/computing-thread.server.ts';
import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import type { AsOf } from '#app/domain/retention/columns/time-window.ts';
import { computePredictions } from '#app/domain/retention/predictions/compute-predictions.ts';
import type { Predictions } from '#app/domain/retention/predictions/compute-predictions.ts';

export interface FitQuestion {
  columns: OrderColumns;
  asOf: AsOf;
}

const thread = new ComputingThread<FitQuestion>('#app/fitting-thread.server.ts');

/**
 * Everybody's predictions. For a shop that is large enough to be computed in a thread they come from one more: of a
 * million orders a fit takes two seconds, and pages of the same shop, or of another, would wait for it. The columns are
 * copied for it, 30 MB of a million orders, and given up when it is done.
 */
export async function fitApart(columns: OrderColumns, asOf: AsOf): Promise<Predictions> {
  if (!isComputingThread) return computePredictions(columns, everyone(columns), { asOf, withAlternatives: false });
  return thread.ask<Predictions>({ columns, asOf });
}
