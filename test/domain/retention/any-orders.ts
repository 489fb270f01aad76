import fc from 'fast-check';
import type { OrderRow } from '#app/domain/retention/columns/order-columns.ts';

export const ZONES = ['UTC', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia'];
export const AS_OF_DAYS = ['2011-12-31', '2012-02-29', '2012-03-15', '2011-06-30', '2012-03-31'];

/** Orders of few customers at few moments, so that ties, same-day orders and orders after the end are common. */
export const ANY_ORDERS: fc.Arbitrary<OrderRow[]> = fc
  .array(
    fc.record({
      customerKey: fc.option(fc.integer({ min: 1, max: 9 }), { freq: 8 }),
      hour: fc.integer({ min: 0, max: 800 * 24 }),
      isAtMidnight: fc.boolean(),
      // A fraction of a second anywhere makes the whole column one of fractions.
      millisecond: fc.oneof({ weight: 30, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(1, 999) }),
      valueMinor: fc.oneof(fc.constantFrom(0, 1000, 2500), fc.nat(1_000_000)),
      country: fc.constantFrom('DE', 'FR', null),
      discountCode: fc.constantFrom('WELCOME', 'FRIEND', null),
    }),
    { maxLength: 60 },
  )
  .map((rows) =>
    rows.map(({ hour, isAtMidnight, millisecond, ...row }, index) => ({
      ...row,
      orderId: index + 1,
      processedAtMs: Date.UTC(2010, 0) + (isAtMidnight ? hour - (hour % 24) : hour) * 3_600_000 + millisecond,
      region: null,
      channel: index % 2 === 0 ? 'web' : null,
      presentmentCurrency: 'EUR',
    })),
  );
