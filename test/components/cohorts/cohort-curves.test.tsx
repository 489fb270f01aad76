import { describe, expect, it } from 'vitest';

import { CohortCurves } from '#app/components/cohorts/cohort-curves.tsx';
import type { CohortCurvesProps, Curve } from '#app/components/cohorts/cohort-curves.tsx';
import { textOf } from '../markup-of.tsx';

/** Of 100 customers in each period but the last, in which too few are left. */
function aCurve(periods: number): Curve {
  const offsets = Array.from({ length: periods }, (_, offset) => offset);
  return {
    name: 'All customers',
    customers: 100,
    weightedCurve: offsets.map((offset) => ({ offset, customers: offset === periods - 1 ? 29 : 100, active: 10, retention: 0.1 })),
    averages: { orders: offsets.map(() => 0.25), revenue: offsets.map((offset) => offset * 1_00) },
  };
}

function curves(props: Partial<CohortCurvesProps> & Pick<CohortCurvesProps, 'curves'>): string {
  return textOf(<CohortCurves measure="retention" period="month" currency="USD" worth="without tax" rows={[]} {...props} />);
}

describe('the curves of cohorts', () => {
  it('are of the measure that was chosen, without points on few customers', () => {
    const shown = [aCurve(4)];
    expect(curves({ curves: shown })).toContain('All customers 100 10.0% 10.0%');
    expect(curves({ curves: shown, measure: 'orders' })).toContain('All customers 100 0.25 0.25 0.25');
    const revenue = curves({ curves: shown, measure: 'revenue' });
    expect(revenue).toContain('All customers 100 $0.00 $1.00 $2.00');
    expect(revenue).toContain('Revenue is without tax.');
  });

  it('say, where they are too young, until when', () => {
    const rows = [{ cohort: '2026-09', size: 29 }, { cohort: '2026-10', size: 1 }];
    expect(curves({ curves: [aCurve(2)], rows })).toContain('The curve begins when 30 customers have completed two periods. That will be on Jan 1, 2027.');
    expect(curves({ curves: [aCurve(2)], rows: rows.slice(0, 1) })).toContain('have completed two periods. There are 29 so far.');
    expect(curves({ curves: [aCurve(2)] })).not.toMatch(/That will be|so far/);
  });

  it('say where they are cut, which is later of weeks', () => {
    const [short, long] = [[aCurve(38)], [aCurve(107)]];
    expect(curves({ curves: short })).not.toContain('are drawn');
    expect(curves({ curves: long })).toContain('The first 36 months are drawn');
    expect(curves({ curves: long, period: 'week' })).toContain('The first 104 weeks are drawn');
    expect(curves({ curves: short, period: 'week' })).not.toContain('are drawn');
  });
});
