import { describe, expect, it } from 'vitest';
import { matchesSearch, parseSearch, UnknownSearchField, type FieldReader } from './search-query.ts';

const record: FieldReader = (field) =>
  ({
    id: [7],
    updated_at: ['2026-03-01T10:00:00.000Z'],
    tag: ['VIP', 'summer sale'],
    test: [false],
    email: ['ann@example.com'],
    default: ['#1001'],
  }[field]);

const matches = (query: string): boolean => matchesSearch(parseSearch(query), record, { parseInstant: Date.parse });

describe('the search syntax', () => {
  it.each([
    'id:7',
    'id:>=7 id:<8',
    'updated_at:>=2026-03-01T10:00:00Z',
    "updated_at:>='2026-03-01T10:00:00Z'",
    'updated_at:<"2026-03-01T10:00:01Z"',
    'tag:vip',
    "tag:'summer sale'",
    'tag:sum*',
    'id:1 OR id:7',
    '(id:1 OR id:7) AND NOT test:true',
    '-email:bob@example.com',
    '#1001',
    '',
  ])('finds the record by %s', (query) => {
    expect(matches(query)).toBe(true);
  });

  it.each(['id:8', 'updated_at:>2026-03-01T10:00:00Z', 'tag:winter', 'id:7 test:true', '-id:7', 'id:1 OR id:2'])(
    'does not find the record by %s',
    (query) => {
      expect(matches(query)).toBe(false);
    },
  );

  it('refuses an open bracket and a field that no record has', () => {
    expect(() => parseSearch('(id:7')).toThrow('bracket');
    expect(() => matches('colour:red')).toThrow(UnknownSearchField);
  });
});
