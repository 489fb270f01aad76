import { describe, expect, it } from 'vitest';

import { CohortsTooYoung } from '#app/components/retention/cohorts-too-young.tsx';
import { textOf } from '../markup-of.tsx';

describe('a table of cohorts without a column', () => {
  it.each([
    ['month', '2026-10', 'The table begins on Nov 1, 2026.'],
    ['quarter', '2026-Q4', 'The table begins on Jan 1, 2027.'],
    ['week', '2026-W44', 'The table begins on Nov 2, 2026.'],
    // Who began on the last day of October has had twice 30 times 24 hours by the end of the year.
    ['rolling30Days', '2026-10', 'The table begins on Dec 31, 2026 at the latest.'],
  ] as const)('of %s says why, and until when', (period, cohort, begins) => {
    expect(textOf(<CohortsTooYoung text="All are new." rows={[{ cohort, size: 3 }]} period={period} />)).toContain(`All are new. ${begins}`);
  });
});
