import type { AdminCustomerCard, AdminMember, AdminOutlookKnown, AdminSegment, PointGift } from '#app/contracts/admin-blocks.ts';

/** Answers of the app to its blocks in the admin, for tests of the blocks alone. */
export function aMember(change: Partial<AdminMember> = {}): AdminMember {
  return {
    ...{ memberId: '41', points: 1240, pendingPoints: 120, reservedPoints: 500, isExcluded: false },
    nextExpiry: { points: 300, day: '2027-03-31' },
    tier: { name: 'Silver', next: { name: 'Gold', missing: { kind: 'spend', amount: { amountMinor: 120_50, currency: 'EUR', decimals: 2 } } } },
    entries: [
      { sequence: 4, at: '2026-11-20T10:00:00Z', kind: 'order', points: 120, isPending: true, orderName: '#1042' },
      { sequence: 3, at: '2026-11-01T10:00:00Z', kind: 'redeemed', points: -500, isPending: false, orderName: null },
    ],
    ...change,
  };
}

export function anOutlook(change: Partial<AdminOutlookKnown> = {}): AdminOutlookKnown {
  return {
    state: 'known',
    ...{ orders: 6, spent: { amountMinor: 412_00, currency: 'EUR', decimals: 2 }, lastOrderDay: '2026-11-20' },
    ...{ group: 'LOYAL', rhythm: 'active', stage: 'loyal' },
    forecast: { state: 'made', returnChance: 0.874, nextOrder: { kind: 'day', day: '2027-01-12' }, isByRule: false },
    ...change,
  };
}

export function aCard(member: AdminMember | null = aMember(), outlook: AdminCustomerCard['outlook'] = anOutlook()): AdminCustomerCard {
  return { loyalty: { program: 'live', lastRedemptionDay: null, member }, outlook };
}

export function aSegment(change: Partial<Extract<AdminSegment, { state: 'known' }>> = {}): AdminSegment {
  return {
    ...{ state: 'known', name: 'Regulars', customers: 4000, program: 'live', mostPointsEach: 100_000, mostCustomers: 1_000_000 },
    worth: { points: 500, amount: { amountMinor: 5_00, currency: 'EUR', decimals: 2 } },
    underWay: null,
    ...change,
  };
}

export function aGift(change: Partial<PointGift> = {}): PointGift {
  return {
    ...{ giftId: '0b8f2f1e-6a53-4f5c-9a8e-5d1f7c2b9e44', segmentName: 'Regulars', pointsEach: 50, state: 'giving' },
    ...{ expected: 4000, seen: 1000, given: 990, excluded: 8, unknown: 2 },
    ...change,
  };
}
