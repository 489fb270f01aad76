import { describe, expect, it } from 'vitest';

import { FreeShippingCard } from '#app/components/loyalty/program/free-shipping-card.tsx';
import type { FreeShippingNow } from '#app/components/loyalty/program/free-shipping-card.tsx';
import { TracesCard } from '#app/components/loyalty/program/traces-card.tsx';
import type { Traces } from '#app/components/loyalty/program/traces-card.tsx';
import { markupOf, textOf } from '#test/components/markup-of.tsx';

const QUIET: Traces = { members: 0, waiting: 0, waitingEvents: 0, gone: 0, refused: 0, told: 0, toldDays: 30, isTagging: false, problem: null };
const card = (traces: Partial<Traces> = {}) => <TracesCard traces={{ ...QUIET, ...traces }} timeZone="America/New_York" isSaving={false} onChange={() => {}} />;

describe('what Shopify knows of members', () => {
  it('is said before anything was written', () => {
    expect(textOf(card())).toContain('Nothing has been written yet.');
    expect(textOf(card())).not.toContain('Flow heard');
  });

  it('says how far it has come, and what waits', () => {
    const text = textOf(card({ members: 1_204, waiting: 3, waitingEvents: 1, told: 87 }));
    expect(text).toContain('1,204 customers carry them.');
    expect(text).toContain('3 customers are about to be brought up to date.');
    expect(text).toContain('Flow heard of 87 events in the last 30 days.');
    expect(text).toContain('1 event is about to be told.');
    expect(text).not.toContain('left out');
  });

  it('counts as far as anybody needs to know', () => {
    expect(textOf(card({ members: 10_000, told: 9_999 }))).toContain('10,000+ customers carry them.');
    expect(textOf(card({ members: 10_000, told: 9_999 }))).toContain('Flow heard of 9,999 events');
  });

  it('says who is left out, and what stopped it when', () => {
    const text = textOf(card({ members: 5, gone: 1, refused: 1, problem: { code: 'scope', atMs: Date.parse('2026-11-20T15:00:00Z') } }));
    expect(text).toContain('2 customers are left out');
    expect(text).toContain('Perennial may not change customers (Nov 20, 2026, 10:00)');
  });

  it('has a switch for the tag, which is off until somebody wants it', () => {
    expect(markupOf(card())).toMatch(/type="checkbox"(?![^>]*checked="")/);
    expect(markupOf(card({ isTagging: true }))).toMatch(/<input[^>]*checked=""/);
  });
});

describe('the free shipping of tiers', () => {
  const shown = (freeShipping: Partial<FreeShippingNow>) =>
    textOf(<FreeShippingCard freeShipping={{ phase: 'in-force', trouble: null, tags: ['Tier: Gold', 'vip'], ...freeShipping }} isAsking={false} onRenew={() => {}} />);

  it('says whose it is, and what ends it', () => {
    const text = shown({});
    for (const said of ['In force', 'Tier: Gold', 'vip', 'it ends within 30 days']) expect(text).toContain(said);
    expect(text).not.toContain('Set it up again');
  });

  it.each(['refused', 'too-many', 'by-hand'] as const)('%s: says why it is not in force, with a way to have it', (phase) => {
    for (const said of ['Not in force', 'not told of', 'Set it up again']) expect(shown({ phase })).toContain(said);
  });

  it.each(['not-live', 'ending', 'making'] as const)('%s: is nothing to be done by the merchant', (phase) => {
    expect(shown({ phase })).toContain('Not in force');
    expect(shown({ phase, trouble: 'scope' })).toContain('accept its permissions');
    expect(shown({ phase })).not.toContain('Set it up again');
  });
});
