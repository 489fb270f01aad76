import { matchesSearch, parseSearch } from './search-query.ts';
import type { Payload } from './webhook-payloads.ts';

/** Keeps the named fields; `line_items.id` reaches into objects and into each item of a list. */
export function includeFields(payload: Payload, fields: readonly string[] | null): Payload {
  if (fields === null || fields.length === 0) return payload;
  const kept: Payload = {};
  for (const field of fields) {
    const [head = field, ...rest] = field.split('.');
    if (!(head in payload)) continue;
    kept[head] = rest.length === 0 ? payload[head] : merge(kept[head], pick(payload[head], rest.join('.')));
  }
  return kept;
}

function pick(value: unknown, path: string): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, path));
  if (typeof value !== 'object' || value === null) return value;
  return includeFields(Object.fromEntries(Object.entries(value)), [path]);
}

function merge(left: unknown, right: unknown): unknown {
  if (Array.isArray(left) && Array.isArray(right)) return right.map((item, index) => merge(left[index], item));
  if (typeof left === 'object' && left !== null && typeof right === 'object' && right !== null) {
    return { ...left, ...right };
  }
  return right;
}

/** Shopify's webhook filters use the search syntax over the payload's own field names. */
export function passesFilter(payload: Payload, filter: string | null): boolean {
  if (filter === null || filter.trim() === '') return true;
  return matchesSearch(parseSearch(filter), (field) => valuesAt(payload, field), { parseInstant: Date.parse });
}

function valuesAt(value: unknown, path: string): (string | number | boolean | null)[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  if (path === '') {
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [value] : [null];
  }
  if (typeof value !== 'object' || value === null) return [];
  const [head = path, ...rest] = path.split('.');
  return valuesAt(Reflect.get(value, head), rest.join('.'));
}
