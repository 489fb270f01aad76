import type { TFunction } from 'i18next';

import type { Sheet } from '#app/components/retention/retention-sheet.ts';
import type { BacktestAtAGlance } from '#app/domain/retention/predictions/predictions-at-a-glance.ts';

/** What the model is held against, by the names that addresses have for it. */
export const PREDICTION_LISTS = ['weeks', 'calibration'] as const;

export type PredictionList = (typeof PREDICTION_LISTS)[number];

const DECIMALS = 4;

/** A table of the page of predictions, with the day after which the model was told nothing. */
export function predictionSheetOf(list: PredictionList, backtest: BacktestAtAGlance, t: TFunction<'predictions'>): Sheet {
  return list === 'weeks' ? weeksSheet(backtest, t) : calibrationSheet(backtest, t);
}

function weeksSheet({ splitAt, weeks }: BacktestAtAGlance, t: TFunction<'predictions'>): Sheet {
  return {
    header: [t('weekly.week'), t('weekly.actual'), t('weekly.predicted'), t('sheet.splitAt'), t('sheet.isHeldOut')],
    rows: weeks.map(({ endsOn, isHeldOut, actualOrders, predictedOrders }) => [endsOn, actualOrders, rounded(predictedOrders), splitAt, isHeldOut ? 1 : 0]),
  };
}

function calibrationSheet({ splitAt, horizonDays, byFrequency }: BacktestAtAGlance, t: TFunction<'predictions'>): Sheet {
  return {
    header: [t('calibration.before'), t('calibration.customers'), t('calibration.predicted'), t('calibration.actual'), t('sheet.splitAt'), t('sheet.days')],
    rows: byFrequency.map(({ frequency, customers, predictedOrders, actualOrders }) => [frequency, customers, rounded(predictedOrders), actualOrders, splitAt, horizonDays]),
  };
}

function rounded(value: number): number {
  return Math.round(value * 10 ** DECIMALS) / 10 ** DECIMALS;
}
