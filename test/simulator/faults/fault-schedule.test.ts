import { describe, expect, it, vi } from 'vitest';
import type { FaultRule } from './fault-rules.ts';
import { FaultSchedule } from './fault-schedule.ts';
import { parseFaultPlan } from './parse-fault-plan.ts';

const now = (): Date => new Date('2026-11-01T00:00:00Z');
const order = { name: 'OrderById', shop: 'one.myshopify.com' };
const third: FaultRule = { where: 'graphql', share: 0.3, what: [{ kind: 'html' }, { kind: 'reset', when: 'before' }, { kind: 'invalid-json' }] };

function drawn(seed: number, rules: readonly FaultRule[], occasions = 1000): string[] {
  const schedule = new FaultSchedule(now);
  schedule.set({ seed, rules });
  return Array.from({ length: occasions }, () => schedule.strike('graphql', order)[0]?.kind ?? '-');
}

describe('a fault schedule', () => {
  it('strikes the same occasions with the same faults for the same seed, and others for another', () => {
    expect(drawn(7, [third])).toEqual(drawn(7, [third]));
    expect(drawn(7, [third])).not.toEqual(drawn(8, [third]));
  });

  it('strikes the share that a rule names, with each of its faults', () => {
    const faults = drawn(7, [third]).filter((kind) => kind !== '-');
    expect(faults.length).toBeGreaterThan(250);
    expect(faults.length).toBeLessThan(350);
    expect(new Set(faults)).toEqual(new Set(['html', 'reset', 'invalid-json']));
  });

  it('gives each rule a stream of its own, so that one rule more shifts nothing', () => {
    const never: FaultRule = { where: 'graphql', only: 'Other', share: 0.5, what: { kind: 'html' } };
    expect(drawn(7, [third, never])).toEqual(drawn(7, [third]));
  });

  it('aims by name, store, number and place', () => {
    const schedule = new FaultSchedule(now);
    const what = { kind: 'html' } as const;
    schedule.set({
      seed: 1,
      rules: [
        { where: 'graphql', only: 'OrderById', nth: 2, what },
        { where: 'graphql', shop: 'two.myshopify.com', first: 1, what },
        { where: 'oauth', what },
      ],
    });
    const struck = (name: string, shop: string): number => schedule.strike('graphql', { name, shop }).length;
    expect(['OrderById', 'OrderById', 'OrderById', 'Shop'].map((name) => struck(name, 'one.myshopify.com'))).toEqual([0, 1, 0, 0]);
    expect([struck('Shop', 'two.myshopify.com'), struck('Shop', 'two.myshopify.com')]).toEqual([1, 0]);
    expect(schedule.counts()).toEqual({ 'graphql html': 2 });
  });

  it('prints a seed that it had to draw itself', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const schedule = new FaultSchedule(now);
    schedule.set({ rules: [third] });
    const printed = write.mock.calls.map(([text]) => String(text)).join('');
    write.mockRestore();
    expect(printed).toContain(`seed ${schedule.seed}`);
  });
});

describe('a fault plan from the control API', () => {
  it.each([
    [{}, 'rules must be a list.'],
    [{ rules: [{ where: 'moon', what: { kind: 'html' } }] }, 'Rule 1: where must be one of'],
    [{ rules: [{ where: 'oauth', what: { kind: 'dropped' } }] }, 'Rule 1: what.kind must be one of'],
    [{ rules: [{ where: 'graphql', what: { kind: 'reset' } }] }, 'Rule 1: reset has a wrong when.'],
    [{ rules: [{ where: 'graphql', share: 30, what: { kind: 'html' } }] }, 'Rule 1: share is wrong.'],
    [{ rules: [{ where: 'graphql', what: [] }] }, 'Rule 1: what is empty.'],
    [{ seed: 'x', rules: [] }, 'seed must be a number'],
  ])('is refused with its first mistake: %j', (input, error) => {
    expect(parseFaultPlan(input)).toEqual({ ok: false, error: expect.stringContaining(error) });
  });

  it('is taken as it is', () => {
    const plan = { seed: 5, rules: [{ where: 'bulk', only: 'orders', what: { kind: 'failed', errorCode: 'TIMEOUT', share: 0.5 } }] };
    expect(parseFaultPlan(plan)).toEqual({ ok: true, plan });
  });
});
