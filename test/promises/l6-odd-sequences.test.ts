import fc from 'fast-check';

import type { Expiry } from '#app/domain/loyalty/program/program.ts';
import { BothWorlds } from '#test/domain/loyalty/ledger/both-worlds.ts';
import { commands } from '#test/domain/loyalty/ledger/odd-deeds.ts';
import { promiseOf } from './promise.ts';

const EXPIRIES: readonly Expiry[] = [
  { kind: 'never' },
  { kind: 'inactivity', months: 2, noticeDays: [] },
  { kind: 'age', months: 1, noticeDays: [] },
];

promiseOf('L6', 'the ledger beside a model of single points', async ({ seed, pick }) => {
  const runs = pick(1_000, 20_000);
  let steps = 0;
  const isSame = fc.property(
    fc.array(commands, { maxLength: 100, size: 'max' }),
    fc.constantFrom(...EXPIRIES),
    fc.constantFrom(0, 14),
    (sequence, expiry, pendingDays) => {
      const run = new BothWorlds(expiry, pendingDays);
      for (const command of sequence) run.step(command);
      steps += sequence.length;
    },
  );
  const { failed, counterexample, errorInstance } = fc.check(isSame, { seed, numRuns: runs });
  return {
    tried: `${runs.toLocaleString('en')} sequences, ${steps.toLocaleString('en')} commands`,
    measured: failed ? `diverged: ${JSON.stringify(counterexample)} ${errorInstance instanceof Error ? errorInstance.message : ''}` : '0 divergences',
    isKept: !failed,
  };
});
