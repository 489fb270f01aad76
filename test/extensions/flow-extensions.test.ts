import { describe, expect, it } from 'vitest';

import { FLOW_TRIGGERS, flowPayload } from '#app/domain/loyalty/traces/flow-event.ts';
import { readPointsToAdd } from '#app/domain/loyalty/traces/add-points-run.ts';
import { loadFlowExtensions } from '#test/simulator/flow.ts';
import { join } from 'node:path';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

/** Rules of the CLI's own validation, of what it takes for each kind of extension. */
const TRIGGER_TYPES = ['customer_reference', 'boolean', 'email', 'single_line_text_field', 'url', 'number_decimal'];
const ACTION_TYPES = [...TRIGGER_TYPES, 'multi_line_text_field'];
const MOST_IN_HANDLE = 30;

const extensions = loadFlowExtensions(join(PROJECT_DIR, 'shopify.app.toml'));
const NAMES = { balancePoints: 1, pendingPoints: 2, tierName: (id: string) => id, rewardName: 'Five off', code: 'CODE' };

describe.each(extensions.map((extension) => [extension.handle, extension] as const))('the extension %s', (_handle, { type, handle, name, fields, runtimeUrl }) => {
  it('is what Shopify takes', () => {
    expect(handle).toMatch(new RegExp(`^[a-z-]{1,${MOST_IN_HANDLE}}$`));
    expect(name).not.toBe('');
    const types = type === 'flow_trigger' ? TRIGGER_TYPES : ACTION_TYPES;
    expect(fields.filter((field) => !types.includes(field.type))).toEqual([]);
    // Of a trigger, letters and spaces alone.
    const keys = fields.filter((field) => !field.type.endsWith('_reference')).map((field) => field.name);
    expect(keys.filter((key) => !/^[a-zA-Z\s]+$/.test(key))).toEqual([]);
    expect(new Set(fields.map((field) => field.name)).size).toBe(fields.length);
    expect(runtimeUrl).toBe(type === 'flow_action' ? '/flow/add-points' : null);
  });
});

it.each(FLOW_TRIGGERS)('%s has the fields that Flow is told, and no other', (trigger) => {
  const extension = extensions.find(({ handle }) => handle === trigger);
  const facts = { points: 5, reason: 'order-earned', tierId: 'gold', before: 'silver', direction: 'up' };
  const payload = flowPayload({ trigger, key: 'k', facts, customerId: 7n }, NAMES);
  expect(Object.keys(payload).sort()).toEqual(extension?.fields.map(({ name }) => name).sort());
  for (const field of extension?.fields ?? []) expect(typeof payload[field.name], field.name).toBe(['number_decimal', 'customer_reference'].includes(field.type) ? 'number' : 'string');
});

it('add-points asks for what the app reads, and for the customer and the points always', () => {
  const extension = extensions.find(({ handle }) => handle === 'add-points');
  expect(extension?.fields.map(({ name, isRequired }) => [name, isRequired])).toEqual([['customer_id', true], ['points', true], ['note', false]]);
  expect(readPointsToAdd({ customer_id: '7', points: '5.0', note: ' Thanks ' })).toEqual({ ok: true, value: { customerId: 7n, points: 5, note: 'Thanks' } });
});
