import { describe, expect, it } from 'vitest';

import { FLOW_LATE_MS, flowEventOfEntry, flowEventOfTier } from '#app/domain/loyalty/traces/flow-event.ts';
import type { ToldLedgerEntry } from '#app/domain/loyalty/traces/flow-event.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const DAY = 86_400_000;

const entry = (change: Partial<ToldLedgerEntry> = {}): ToldLedgerEntry => ({
  ...{ kind: 'order', key: 'order/7/1', reasonCode: 'order-earned', redemptionId: null, issuedPoints: 50, reservedPoints: 0 },
  ...{ occurredAtMs: NOW, recordedAtMs: NOW, ruledAtMs: NOW - 100 * DAY, restoredAtMs: null },
  ...change,
});

describe('what Flow is told of an entry', () => {
  it('is what was earned by an order, or given by a rule of the program', () => {
    expect(flowEventOfEntry(entry())).toEqual({ key: 'order/7/1', trigger: 'points-earned', facts: { points: 50, reason: 'order-earned' }, redemptionId: null, occurredAtMs: NOW });
    expect(flowEventOfEntry(entry({ kind: 'grant', key: 'grant/1/welcome/1' }))).toMatchObject({ trigger: 'points-earned' });
  });

  it('is that points were spent on a reward', () => {
    const reserve = entry({ kind: 'reserve', issuedPoints: 0, reservedPoints: 500, redemptionId: 'r' });
    expect(flowEventOfEntry(reserve)).toMatchObject({ trigger: 'reward-redeemed', facts: { points: 500 }, redemptionId: 'r' });
  });

  it.each<[string, Partial<ToldLedgerEntry>]>([
    ['points that are taken back', { issuedPoints: -20 }],
    ['points that a person or a workflow gave', { kind: 'adjustment', issuedPoints: 0 }],
    ['points from elsewhere', { kind: 'import', issuedPoints: 0 }],
    ['points that became spendable', { kind: 'maturity', issuedPoints: 0 }],
    ['an order of before there was the program, which earns looking back', { occurredAtMs: NOW - 2 * DAY, ruledAtMs: NOW - DAY }],
    ['an order of before a restore, of which Flow may have been told', { occurredAtMs: NOW - DAY, restoredAtMs: NOW - DAY + 1 }],
    ['an order of long ago, which a repair has found', { occurredAtMs: NOW - 61 * DAY }],
  ])('is nothing for %s', (_what, change) => {
    expect(flowEventOfEntry(entry(change))).toBeNull();
  });

  it('is an order from the restore on', () => {
    expect(flowEventOfEntry(entry({ occurredAtMs: NOW - DAY, restoredAtMs: NOW - DAY }))).not.toBeNull();
  });

  it('is also an order that was paid weeks after it was made', () => {
    expect(flowEventOfEntry(entry({ occurredAtMs: NOW - 59 * DAY }))).not.toBeNull();
  });
});

describe('what Flow is told of a tier', () => {
  const held = { memberId: 3n, levels: [{ id: 'bronze' }, { id: 'silver' }, { id: 'gold' }], restoredAtMs: null, nowMs: NOW };
  const change = { changeNo: 4, effectiveAtMs: NOW };

  it.each([
    [null, 'silver', { tierId: 'silver', before: 'bronze', direction: 'up' }],
    ['silver', 'gold', { tierId: 'gold', before: 'silver', direction: 'up' }],
    ['gold', 'bronze', { tierId: 'bronze', before: 'gold', direction: 'down' }],
  ])('from %s to %s is %j', (toldTierId, tierId, facts) => {
    expect(flowEventOfTier({ ...held, toldTierId, tierId, change })).toMatchObject({ key: 'tier/3/4', trigger: 'tier-changed', facts });
  });

  it('is nothing where it is the same, where there is none, and where it was long ago', () => {
    expect(flowEventOfTier({ ...held, toldTierId: 'silver', tierId: 'silver', change })).toBeNull();
    expect(flowEventOfTier({ ...held, toldTierId: null, tierId: 'bronze', change: null })).toBeNull();
    expect(flowEventOfTier({ ...held, toldTierId: 'silver', tierId: null, change: null })).toBeNull();
    expect(flowEventOfTier({ ...held, toldTierId: null, tierId: 'gold', change: { changeNo: 1, effectiveAtMs: NOW - FLOW_LATE_MS - 1 } })).toBeNull();
  });

  it('is nothing for a day after a restore, by which what was reached before is reached again', () => {
    const rise = { ...held, toldTierId: 'silver', tierId: 'gold', change };
    expect(flowEventOfTier({ ...rise, restoredAtMs: NOW - DAY + 1 })).toBeNull();
    expect(flowEventOfTier({ ...rise, restoredAtMs: NOW - DAY })).not.toBeNull();
  });
});
