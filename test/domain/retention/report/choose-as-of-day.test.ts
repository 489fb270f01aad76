import { describe, expect, it } from 'vitest';

import { chooseAsOfDay } from '#app/domain/retention/report/choose-as-of-day.ts';

const TODAY = 20_000;

describe('the day a report speaks of', () => {
  it.each([
    ['today, when the store sells', { lastOrderDay: TODAY, askedDay: null }, TODAY],
    ['today, when there is no order at all', { lastOrderDay: null, askedDay: null }, TODAY],
    ['today, when the last order is 364 days ago', { lastOrderDay: TODAY - 364, askedDay: null }, TODAY],
    ['the day of the last order, when that is 365 days ago', { lastOrderDay: TODAY - 365, askedDay: null }, TODAY - 365],
    ['the day asked for', { lastOrderDay: TODAY - 900, askedDay: TODAY - 10 }, TODAY - 10],
    ['today, when a later day is asked for', { lastOrderDay: TODAY, askedDay: TODAY + 1 }, TODAY],
  ])('is %s', (_case, choice, expected) => {
    expect(chooseAsOfDay({ today: TODAY, ...choice })).toBe(expected);
  });
});
