import { describe, expect, it } from 'vitest';

import { LiftCard } from '#app/components/offers/lift-card.tsx';
import type { ShownLift } from '#app/components/offers/lift-card.tsx';
import { textOf } from '../markup-of.tsx';

const MEASURED: ShownLift = {
  followedDays: 60,
  currency: 'EUR',
  offered: { customers: 1_200, returned: 300 },
  heldOut: { customers: 130, returned: 20 },
  waiting: 5,
  nextAtMs: Date.UTC(2026, 10, 30, 12),
  lift: { returned: { value: 0.0962, low: 0.021, high: 0.151 }, spentMinor: { value: 310, low: -40, high: 660 } },
  neededHeldOut: 740,
};

function textFor(change: Partial<ShownLift> | null, { holdoutPercent = 10, language = 'en' as const } = {}): string {
  return textOf(<LiftCard shown={change && { ...MEASURED, ...change }} holdoutPercent={holdoutPercent} timeZone="Europe/Berlin" />, language);
}

describe('what the offer really added', () => {
  it('is told with its interval, both sides and the formula', () => {
    const text = textFor({});
    expect(text).toContain('The offer brings customers back.');
    expect(text).toMatch(/\+9\.6 points\s*95 % sure: \+2\.1 to \+15\.1/);
    expect(text).toMatch(/€3\.10\s*95 % sure: -€0\.40 to €6\.60/);
    expect(text).toMatch(/With a code\s*1,200\s*300\s*25\.0%\s*Without\s*130\s*20\s*15\.4%/);
    expect(text).toContain('Newcombe');
  });

  it('is not told for certain while it may be chance, and then says how many customers it takes', () => {
    const text = textFor({ lift: { returned: { value: 0.01, low: -0.05, high: 0.07 }, spentMinor: null } });
    expect(text).toContain('Too early to tell');
    expect(text).toContain('about 740 customers');
    expect(textFor({ lift: { returned: { value: -0.1, low: -0.15, high: -0.02 }, spentMinor: null } })).toContain('less often');
  });

  it('says why there is nothing to tell yet, and until when', () => {
    const nobody = { customers: 0, returned: 0 };
    expect(textFor({ lift: null, heldOut: nobody }, { holdoutPercent: 0 })).toContain('Nobody is held out');
    expect(textFor({ lift: null, heldOut: nobody, offered: nobody })).toMatch(/5 are being followed; the first result comes after Nov 30, 2026/);
    expect(textFor({ lift: null, nextAtMs: null })).toContain('As soon as customers have been offered a code');
    expect(textFor(null)).toContain('As soon as');
  });
});
