import { describe, expect, it } from 'vitest';
import { includeFields, passesFilter } from './webhook-filter.ts';

const payload = {
  id: 1,
  total_price: '25.00',
  customer: { id: 7, email: 'ann@example.com' },
  line_items: [
    { id: 11, sku: 'A', price: '10.00' },
    { id: 12, sku: 'B', price: '15.00' },
  ],
};

describe('include_fields', () => {
  it('keeps whole fields, fields of objects and fields of each item of a list', () => {
    expect(includeFields(payload, ['id', 'customer.id', 'line_items.id', 'line_items.sku', 'absent'])).toEqual({
      id: 1,
      customer: { id: 7 },
      line_items: [
        { id: 11, sku: 'A' },
        { id: 12, sku: 'B' },
      ],
    });
  });

  it('keeps everything when nothing is named', () => {
    expect(includeFields(payload, null)).toBe(payload);
  });
});

describe('a webhook filter', () => {
  it.each([
    ['customer.id:7', true],
    ['customer.id:8', false],
    ['line_items.sku:B AND id:1', true],
    ['line_items.sku:C', false],
    ['-customer.email:ann@example.com', false],
    ['colour:red', false],
  ])('%s lets the payload pass: %s', (filter, passes) => {
    expect(passesFilter(payload, filter)).toBe(passes);
  });

  it('compares amounts as numbers', () => {
    expect(passesFilter(payload, 'total_price:>=9')).toBe(true);
    expect(passesFilter(payload, 'total_price:>100')).toBe(false);
  });
});
