import { describe, expect, it } from 'vitest';

import { readFlowAction } from '#app/adapters/shopify/flow-action-request.ts';

const RUN = { shopify_domain: 'one.myshopify.com', action_run_id: 'r1', handle: 'add-points', properties: { points: 5 }, step_reference: 's1' };
const read = (change: object = {}) => readFlowAction(JSON.stringify({ ...RUN, ...change }));

describe('a run of an action of Flow', () => {
  it('is read with its step, wherever that stands', () => {
    expect(read()).toEqual({ domain: 'one.myshopify.com', runId: 'r1', handle: 'add-points', properties: { points: 5 }, step: 's1' });
    expect(read({ step_reference: undefined, properties: { step_reference: 's2' } })).toMatchObject({ step: 's2' });
    expect(read({ step_reference: undefined, properties: { step_reference: 'x'.repeat(201) } })).toMatchObject({ step: 'x'.repeat(200) });
    expect(read({ step_reference: undefined, properties: { step_reference: 5 } })).toMatchObject({ step: null });
    expect(read({ handle: undefined, action_run_id: 17 })).toMatchObject({ handle: null, runId: '17' });
  });

  it('is none without what it is known by', () => {
    expect([read({ shopify_domain: undefined }), read({ action_run_id: '' }), read({ properties: undefined }), read({ step_reference: 'x'.repeat(201) })]).toEqual([null, null, null, null]);
    expect([read({ action_run_id: 'x'.repeat(201) }), read({ shopify_domain: 'x'.repeat(256) }), readFlowAction('{'), readFlowAction('null')]).toEqual([null, null, null, null]);
    expect([read({ action_run_id: 'x'.repeat(200) }), read({ shopify_domain: 'x'.repeat(255) }), read({ step_reference: 'x'.repeat(200) })]).not.toContain(null);
  });
});
