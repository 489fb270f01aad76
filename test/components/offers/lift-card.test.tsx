import { describe, expect, it } from 'vitest';

import { LiftCard } from '#app/components/offers/lift-card.tsx';
import type { ShownLift } from '#app/components/offers/lift-card.tsx';
import { aRule } from '#test/services/offers/offering.ts';
import { textOf } from '../markup-of.tsx';

const MEASURED: ShownLift = {
  followedDays: 60,
  currency: 'EUR',
  experiment: { holdoutBasisPoints: 1_000, fromMs: Date.UTC(2026, 6, 1, 12), toMs: Date.UTC(2026, 8, 30, 12) },
  offered: { customers: 1_200, returned: 300 },
  heldOut: { customers: 130, returned: 20 },
  waiting: 5,
  nextAtMs: Date.UTC(2026, 10, 30, 12),
  lift: { returned: { value: 0.0962, low: 0.021, high: 0.151 }, spentMinor: { value: 310, low: -40, high: 660 } },
  neededHeldOut: 740,
  rules: [],
};

const RULES = [aRule({ ruleId: 'gold', name: 'Gold' }), aRule({ ruleId: 'rest', name: 'Rest' })];

function textFor(change: Partial<ShownLift> | null, { holdoutPercent = 10, language = 'en' }: { holdoutPercent?: number; language?: 'en' | 'zh-CN' } = {}): string {
  return textOf(<LiftCard shown={change && { ...MEASURED, ...change }} holdoutPercent={holdoutPercent} rules={RULES} timeZone="Europe/Berlin" />, language);
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

  it('says whom it is about: of which months, and of which share', () => {
    expect(textFor({})).toMatch(/first offer was decided on from Jul 1, 2026, 14:00 to Sep 30, 2026, 14:00, while 10% of them were held out/);
    expect(textFor({}, { language: 'zh-CN' })).toContain('当时其中 10% 被留出');
  });

  it('is told rule by rule, in their order, as soon as there are several', () => {
    const sides = { offered: { customers: 90, returned: 30 }, heldOut: { customers: 10, returned: 1 } };
    const added = { returned: { value: 0.233, low: -0.03, high: 0.34 }, spentMinor: { value: 500, low: -100, high: 1_100 } };
    const nobody = { customers: 0, returned: 0 };
    const rules = [
      { ruleId: 'gone', sinceMs: null, ...sides, heldOut: nobody, lift: null },
      { ruleId: 'rest', sinceMs: null, ...sides, lift: added },
    ];
    const text = textFor({ rules });
    expect(text).toMatch(/2\. Rest\s*90\s*10\s*\+23\.3 \(-3\.0 to \+34\.0\)\s*€5\.00 \(-€1\.00 to €11\.00\)\s*Removed rule\s*90\s*0\s*–\s*–/);
    expect(text).toContain('95 % sure by itself');
    expect(textFor({ rules: rules.slice(1) })).not.toContain('95 % sure by itself');
    const changed = rules.slice(1).map((rule) => ({ ...rule, sinceMs: Date.UTC(2026, 7, 1, 12) }));
    expect(textFor({ rules: changed })).toContain('2. Rest, since its change on Aug 1, 2026, 14:00');
    expect(textFor({ rules: changed }, { language: 'zh-CN' })).toContain('修改后');
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
    expect(textFor({ lift: null, nextAtMs: null })).toContain('whose first offer is decided on while a share is held out');
    expect(textFor(null)).toContain('As soon as there is one');
  });
});
