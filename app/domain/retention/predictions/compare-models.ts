import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import { fitBgNbd } from '../models/bg-nbd.ts';
import type { FitOutcome } from '../models/fitted-model.ts';
import { fitMbgNbd } from '../models/mbg-nbd.ts';
import { fitParetoNbd } from '../models/pareto-nbd.ts';
import type { ModelParameters } from '../report/predictions-report.ts';
import { sumByRow } from './churn.ts';
import { findShortages } from './churn-thresholds.ts';
import { summarizePurchases } from './purchase-summaries.ts';
import type { PurchaseSummaries } from './purchase-summaries.ts';
import { HORIZON_DAYS, mapRows } from './row-predictions.ts';

/** Pareto/NBD goes through series for each history: of more customers it takes longer than anybody waits. */
export const MOST_FOR_PARETO = 300_000;

export type ComparedModelName = 'MBG/NBD' | 'BG/NBD' | 'Pareto/NBD';

/** One model fitted to the very histories that the others are. Null where it has no fit, or was not tried. */
export interface ComparedModel {
  readonly name: ComparedModelName;
  readonly wasTried: boolean;
  readonly logLikelihood: number | null;
  /** Repeat orders of all customers in the next 365 days. */
  readonly expectedOrders: number | null;
  /** Sum of P(alive); null where the model finds nobody leaving. */
  readonly expectedAlive: number | null;
}

export interface ComparedModels {
  /** The one that the pages go by first. */
  readonly models: readonly ComparedModel[];
  /** The largest distance of another model's expected orders from those of the first, as a share of them. */
  readonly furthestShare: number | null;
}

/** Whether models that were made of other assumptions say the same of these customers; null where too little is known. */
export function compareModels(columns: OrderColumns, selection: Selection, asOf: AsOf): ComparedModels | null {
  const summaries = summarizePurchases(columns, selection, asOf);
  if (findShortages(summaries).length > 0) return null;
  const { histories } = summaries;
  const isParetoTried = summaries.count < MOST_FOR_PARETO;
  const models = [
    describe('MBG/NBD', fitMbgNbd(histories), summaries),
    describe('BG/NBD', fitBgNbd(histories), summaries),
    describe('Pareto/NBD', isParetoTried ? fitParetoNbd(histories) : null, summaries),
  ];
  const [first = NaN, ...others] = models.flatMap(({ expectedOrders }) => expectedOrders ?? []);
  const shares = others.map((other) => Math.abs(other / first - 1));
  return { models, furthestShare: models[0]?.expectedOrders === null || shares.length === 0 ? null : Math.max(...shares) };
}

function describe(name: ComparedModelName, outcome: FitOutcome<ModelParameters> | null, summaries: PurchaseSummaries): ComparedModel {
  const wasTried = outcome !== null;
  if (outcome?.ok !== true) return { name, wasTried, logLikelihood: null, expectedOrders: null, expectedAlive: null };
  const { model, logLikelihood, hasDropout } = outcome.fit;
  const sumOf = (value: Parameters<typeof mapRows>[1]) => sumByRow(summaries, mapRows(summaries.histories, value));
  return {
    ...{ name, wasTried, logLikelihood },
    expectedOrders: sumOf((history) => model.expectedPurchases(history, HORIZON_DAYS)),
    expectedAlive: hasDropout ? sumOf((history) => model.pAlive(history)) : null,
  };
}
