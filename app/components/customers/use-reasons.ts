import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { lastDaysOfStates } from '#app/domain/retention/metrics/lifecycle.ts';
import type { LifecycleState, RfmGroup } from '#app/domain/retention/report/report.ts';

/** What a page shows of one customer, and from what it follows. */
export interface FactsShown {
  currency: string;
  row: {
    orders: number;
    spentMinor: number;
    group: RfmGroup;
    state: LifecycleState;
    pAlive: number | null;
    predictedClv365Minor: number | null;
    nextOrder: string | null;
    rDays: number;
    r: number;
    f: number;
    m: number;
  } | null;
  breaks: { r: readonly number[]; f: readonly number[]; m: readonly number[] };
  rhythm: { basis: 'ownRhythm' | 'fixedRule'; gaps: number; gapsNeeded: number; upToDays: { active: number; cooling: number; atRisk: number } };
  isPredicting: boolean;
  noPAlive: 'too-little-data' | 'no-dropout' | 'no-fit' | 'lost-backtest' | null;
  prediction: { inUse: 'model' | 'simpleRule'; x: number; tX: number; T: number; expectedOrders365: number } | null;
}

export interface Reason {
  term: string;
  value: string;
  why: string[];
  /** While it is worked out: lines like those that it will have. */
  comes?: string[];
}

/** Each fact with its why, in words. */
export function useReasons(facts: FactsShown): Reason[] {
  const stands = useStanding(facts);
  const predicted = usePredicted(facts);
  return facts.row === null ? [] : [...stands, ...predicted];
}

function useStanding({ row, breaks, rhythm, currency }: FactsShown): Reason[] {
  const { t } = useTranslation(['customers', 'groups', 'metrics']);
  const formats = useFormats();
  if (row === null) return [];
  // What is scored is whole, and lies above a break of 12.8 from 13 on: above 12, not above 13.
  const list = (breaks: readonly number[], format: (value: number) => string) => breaks.map((value) => format(Math.floor(value))).join(t('metrics:separator'));
  const { active, cooling, atRisk } = lastDaysOfStates(rhythm.upToDays);
  const days = { active: formats.count(active), cooling: formats.count(cooling), atRisk: formats.count(atRisk) };
  const gaps = { gaps: formats.count(rhythm.gaps), needed: formats.count(rhythm.gapsNeeded) };
  return [
    {
      term: t('columns.state'),
      value: t(`states.${row.state}`),
      why: [
        t('why.daysSinceLast', { count: row.rDays, number: formats.count(row.rDays) }),
        rhythm.basis === 'ownRhythm' ? t('why.ownRhythm', { ...days, ...gaps }) : t('why.fixedRule', { ...days, ...gaps }),
      ],
    },
    {
      term: t('columns.group'),
      value: t(`groups:${row.group}.name`),
      why: [
        t(`groups:${row.group}.meaning`),
        t('why.r', { score: row.r, breaks: list(breaks.r, formats.count) }),
        t('why.f', { score: row.f, breaks: list(breaks.f, formats.count) }),
        t('why.m', { score: row.m, breaks: list(breaks.m, (value) => formats.money(value, currency)) }),
      ],
    },
  ];
}

function usePredicted({ row, currency, isPredicting, noPAlive, prediction }: FactsShown): Reason[] {
  const { t } = useTranslation('customers');
  const formats = useFormats();
  if (row === null) return [];
  if (prediction === null && !isPredicting) return [{ term: t('columns.predicted'), value: '–', why: [t('why.newSince')] }];
  const { x, tX, T, expectedOrders365 } = prediction ?? { x: row.orders - 1, tX: row.rDays, T: row.rDays, expectedOrders365: 1 };
  const history = t('why.history', { count: x, x: formats.count(x), tX: formats.count(tX), T: formats.count(T) });
  const orders = formats.ratio(expectedOrders365);
  if (prediction === null) {
    return [
      { term: t('columns.pAlive'), value: '–', why: [t('why.predicting')], comes: [history, t('why.pAlive')] },
      { term: t('columns.predicted'), value: '–', why: [], comes: [t('why.orders', { orders }), t('why.byModel')] },
      { term: t('why.nextOrder'), value: '–', why: [], comes: [t('why.nextOrderMeaning')] },
    ];
  }
  const nextOrder = row.nextOrder === 'never' ? t('why.never') : row.nextOrder === null ? null : formats.day(row.nextOrder);
  return [
    {
      term: t('columns.pAlive'),
      value: row.pAlive === null ? t('notKnown') : formats.wholePercent(row.pAlive),
      why: row.pAlive === null ? (noPAlive === null ? [] : [t(`why.noPAlive.${noPAlive}`)]) : [history, t('why.pAlive')],
    },
    {
      term: t('columns.predicted'),
      value: row.predictedClv365Minor === null ? t('why.orders', { orders }) : formats.money(row.predictedClv365Minor, currency),
      why: [
        ...(row.predictedClv365Minor === null ? [] : [t('why.orders', { orders })]),
        prediction.inUse === 'model' ? t('why.byModel') : t('why.byRule'),
      ],
    },
    ...(nextOrder === null ? [] : [{ term: t('why.nextOrder'), value: nextOrder, why: [t('why.nextOrderMeaning')] }]),
  ];
}
