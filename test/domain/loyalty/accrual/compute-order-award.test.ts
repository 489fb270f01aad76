import { describe, expect, it } from 'vitest';
import { readAwardChoices } from '#app/domain/loyalty/accrual/award-reason.ts';
import { computeOrderAward } from '#app/domain/loyalty/accrual/compute-order-award.ts';
import type { OrderAwardInput } from '#app/domain/loyalty/accrual/compute-order-award.ts';
import { quoteAward } from '#app/domain/loyalty/accrual/quote-award.ts';
import type { Multiplier } from '#app/domain/loyalty/program/program.ts';
import { aLine, anOrder, aProgram, NOON_MS } from '#test/domain/loyalty/accrual/an-earning-order.ts';

const GOLD = { id: 'gold', factorBasisPoints: 15_000 };

function award(input: Partial<OrderAwardInput> = {}) {
  return computeOrderAward({ program: aProgram(), order: anOrder(), tier: null, choices: null, ...input });
}

function aMultiplier(multiplier: Partial<Multiplier> = {}): Multiplier {
  return { id: 'double', name: 'Double', scope: { kind: 'all' }, factorBasisPoints: 20_000, startsAtMs: null, endsAtMs: null, ...multiplier };
}

describe('what an order earns', () => {
  it('is its value times the rate, rounded half up once', () => {
    expect(award({ order: anOrder({ lines: [aLine({ remainingMinor: 10_00 })] }) }).targetPoints).toBe(50);
    expect(award({ order: anOrder({ lines: [aLine({ remainingMinor: 10_09 })] }) }).targetPoints).toBe(50);
    expect(award({ order: anOrder({ lines: [aLine({ remainingMinor: 10_10 })] }) }).targetPoints).toBe(51);
    const threeOf10Cents = [1n, 2n, 3n].map((lineId) => aLine({ lineId, remainingMinor: 10 }));
    expect(award({ order: anOrder({ lines: threeOf10Cents }) }).targetPoints).toBe(2);
  });

  it('may be below one point a unit', () => {
    const program = aProgram({ rates: [{ currency: 'JPY', points: 1, perMinor: 1000 }] });
    const value = { currency: 'JPY', amountMinor: 2499 };
    const order = anOrder({ shopValue: value, lines: [aLine({ remainingMinor: 2499 })] });
    expect(award({ program, order }).targetPoints).toBe(2);
  });

  it('is counted in what the shopper paid where that has a rate, else in what the shop received', () => {
    const order = anOrder({ presentmentValue: { currency: 'EUR', amountMinor: 9_20 } });
    const rates = [...aProgram().earning.rates, { currency: 'EUR', points: 10, perMinor: 100 }];
    expect(award({ order, program: aProgram({ rates }) })).toMatchObject({ targetPoints: 92, reason: { currency: 'EUR' } });
    expect(award({ order })).toMatchObject({ targetPoints: 50, reason: { currency: 'USD' } });
    expect(award({ order, program: aProgram({ otherCurrencies: 'nothing' }) })).toEqual({
      targetPoints: 0,
      reason: { code: 'no-rate', currency: 'EUR' },
    });
    expect(award({ order: { ...order, presentmentValue: null }, program: aProgram({ rates }) })).toMatchObject({
      targetPoints: 50,
      reason: { currency: 'USD' },
    });
  });

  it('is nothing, and says why, for an order that does not count or not yet', () => {
    const code = (input: Partial<OrderAwardInput>) => {
      const { targetPoints, reason } = award(input);
      expect(targetPoints).toBe(0);
      return reason.code;
    };
    expect(code({ order: anOrder({ exclusion: 'cancelled' }) })).toBe('order-cancelled');
    expect(code({ order: anOrder({ exclusion: 'refunded' }) })).toBe('order-refunded');
    expect(code({ order: anOrder({ exclusion: 'test' }) })).toBe('order-not-counted');
    expect(code({ order: anOrder({ exclusion: 'deleted' }) })).toBe('order-not-counted');
    expect(code({ order: anOrder({ financialStatus: 'PENDING' }) })).toBe('order-not-paid');
    expect(code({ order: anOrder({ financialStatus: 'PARTIALLY_PAID' }) })).toBe('order-not-paid');
    expect(code({ program: aProgram({ occasion: 'fulfilled' }) })).toBe('order-not-fulfilled');
    expect(code({ program: aProgram({ earnsFromMs: NOON_MS + 1 }) })).toBe('before-start');
    expect(code({ program: { ...aProgram(), status: { kind: 'paused' } } })).toBe('program-not-live');
    expect(code({ order: anOrder({ lines: [aLine({ remainingMinor: 0 })] }) })).toBe('worth-nothing');
  });

  it('is given on the first instant of the program, and once all is fulfilled', () => {
    expect(award({ program: aProgram({ earnsFromMs: NOON_MS }) }).targetPoints).toBe(50);
    const order = anOrder({ fulfillmentStatus: 'FULFILLED' });
    expect(award({ order, program: aProgram({ occasion: 'fulfilled' }) }).targetPoints).toBe(50);
  });

  it('adds the highest bonus that the lines that earn reach, and ends at the cap', () => {
    const thresholdBonuses = [
      { id: 'small', currency: 'USD', minimumMinor: 50_00, points: 25 },
      { id: 'large', currency: 'USD', minimumMinor: 100_00, points: 75 },
      { id: 'euro', currency: 'EUR', minimumMinor: 1, points: 999 },
    ];
    const order = (remainingMinor: number) =>
      anOrder({ lines: [aLine({ remainingMinor }), aLine({ lineId: 2n, isGiftCard: true, remainingMinor: 500_00 })] });
    const pointsOf = (remainingMinor: number, maximumPointsAnOrder: number | null = null) =>
      award({ order: order(remainingMinor), program: aProgram({ thresholdBonuses, maximumPointsAnOrder }) });
    expect(pointsOf(49_99).targetPoints).toBe(250);
    expect(pointsOf(50_00).targetPoints).toBe(250 + 25);
    expect(pointsOf(100_00).targetPoints).toBe(500 + 75);
    expect(pointsOf(100_00, 520)).toMatchObject({ targetPoints: 520, reason: { bonus: { id: 'large', points: 20 }, cappedAtPoints: 520 } });
    expect(pointsOf(100_00, 400)).toMatchObject({ targetPoints: 400, reason: { bonus: { points: 0 }, cappedAtPoints: 400 } });
    expect(pointsOf(100_00, 575)).toMatchObject({ targetPoints: 575, reason: { cappedAtPoints: null } });
  });
});

describe('the rule of a line', () => {
  const lines = [
    aLine({ lineId: 1n, productId: 11 }),
    aLine({ lineId: 2n, productId: 12, collectionIds: [900] }),
    aLine({ lineId: 3n, productId: null }),
    aLine({ lineId: 4n, productId: 14, isGiftCard: true }),
  ];
  const order = anOrder({ lines });
  const rulesOf = (multipliers: Multiplier[], tier: OrderAwardInput['tier']) => {
    const { reason } = award({ order, tier, program: aProgram({ multipliers }) });
    return reason.code === 'order-earned' ? reason.lines.map(({ rule, ruleId }) => ruleId ?? rule) : [];
  };

  it('is the best of the tier and the multipliers, alone', () => {
    const multipliers = [
      aMultiplier({ id: 'collection', scope: { kind: 'collections', collectionIds: [900] }, factorBasisPoints: 30_000 }),
      aMultiplier({ id: 'product', scope: { kind: 'products', productIds: [11, 12] } }),
    ];
    expect(rulesOf(multipliers, GOLD)).toEqual(['product', 'collection', 'gold', 'gift-card']);
    expect(award({ order, tier: GOLD, program: aProgram({ multipliers }) }).targetPoints).toBe(100 + 150 + 75);
  });

  it('is exclusion wherever one applies', () => {
    const multipliers = [aMultiplier(), aMultiplier({ id: 'none', scope: { kind: 'products', productIds: [11] }, factorBasisPoints: 0 })];
    expect(rulesOf(multipliers, GOLD)).toEqual(['none', 'double', 'double', 'gift-card']);
  });

  it('is of the moment at which the order was processed', () => {
    expect(rulesOf([aMultiplier({ startsAtMs: NOON_MS, endsAtMs: NOON_MS + 1 })], null)[0]).toBe('double');
    expect(rulesOf([aMultiplier({ endsAtMs: NOON_MS })], null)[0]).toBe('usual');
    expect(rulesOf([aMultiplier({ startsAtMs: NOON_MS + 1 })], null)[0]).toBe('usual');
  });
});

describe('an order that was awarded before', () => {
  const multipliers = [aMultiplier({ id: 'collection', scope: { kind: 'collections', collectionIds: [900] }, factorBasisPoints: 30_000 })];
  const program = aProgram({ multipliers });
  const lines = [aLine({ lineId: 1n, collectionIds: [900] }), aLine({ lineId: 2n })];
  const first = award({ program, order: anOrder({ lines }), tier: GOLD });
  // As a database gives it back.
  const choices = readAwardChoices([JSON.parse(JSON.stringify(first.reason))]);

  it('keeps the rule of each of its lines, whatever became of the product and the member', () => {
    expect(first.targetPoints).toBe(150 + 75);
    const moved = [aLine({ lineId: 1n, remainingMinor: 5_00 }), aLine({ lineId: 2n, collectionIds: [900] })];
    const { targetPoints } = award({ program, order: anOrder({ lines: moved }), tier: null, choices });
    expect(targetPoints).toBe(75 + 75);
  });

  it('gives a line that an edit added the rules and the tier of then', () => {
    const edited = [...lines, aLine({ lineId: 3n }), aLine({ lineId: 4n, collectionIds: [900] })];
    const second = award({ program, order: anOrder({ lines: edited }), tier: null, choices });
    expect(second.targetPoints).toBe(150 + 75 + 75 + 150);
    const later = readAwardChoices([first.reason, second.reason]);
    const noLonger = edited.map((line) => ({ ...line, collectionIds: [] }));
    expect(award({ program, order: anOrder({ lines: noLonger }), tier: null, choices: later }).targetPoints).toBe(second.targetPoints);
  });

  it('is not undone by an edit that waits for payment or shipping, nor by a pause', () => {
    const order = anOrder({ lines, financialStatus: 'PARTIALLY_PAID', fulfillmentStatus: 'PARTIALLY_FULFILLED' });
    const paused = { ...aProgram({ multipliers, occasion: 'fulfilled' }), status: { kind: 'paused' as const } };
    expect(award({ program: paused, order, choices }).targetPoints).toBe(first.targetPoints);
  });

  it('stays in the money that it was counted in', () => {
    const rates = [...program.earning.rates, { currency: 'EUR', points: 10, perMinor: 100 }];
    const order = anOrder({ lines, presentmentValue: { currency: 'EUR', amountMinor: 1 } });
    expect(award({ program: aProgram({ rates, multipliers }), order, choices }).targetPoints).toBe(first.targetPoints);
  });
});

describe('what a cart would earn', () => {
  it('is what the order of it earns', () => {
    const lines = [aLine({ remainingMinor: 33_33 }), aLine({ lineId: 2n, remainingMinor: 1_01 })];
    const value = { currency: 'USD', amountMinor: 30_00 };
    const program = aProgram({ occasion: 'fulfilled' });
    const quote = quoteAward({ program, cart: { presentmentValue: value, shopValue: null, lines }, tier: GOLD, nowMs: NOON_MS });
    const order = anOrder({ lines, shopValue: value, fulfillmentStatus: 'FULFILLED' });
    expect(quote).toEqual(award({ program, order, tier: GOLD }));
    expect(quote.targetPoints).toBe(225);
  });
});
