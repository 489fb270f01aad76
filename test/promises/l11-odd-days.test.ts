import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { promiseOf } from './promise.ts';

interface Trial {
  transitions: number;
  lots: number;
  ticks: number;
  falls: number;
  faults: number;
  samples: string[];
  digest: string;
}

/** The zone of the process is fixed when it starts, so that each needs one of its own. */
async function tryUnder(zoneOfProcess: string): Promise<Trial> {
  const script = 'test/support/loyalty/time-trial.cli.ts';
  const { stdout } = await promisify(execFile)(process.execPath, [script, '2020', '2035'], {
    env: { ...process.env, TZ: zoneOfProcess },
  });
  return JSON.parse(stdout);
}

promiseOf('L11', 'odd days and clocks that jump', async () => {
  const [utc, kiritimati] = await Promise.all(['UTC', 'Pacific/Kiritimati'].map(tryUnder));
  if (utc === undefined || kiritimati === undefined) throw new Error('two were tried');
  const isSame = utc.digest === kiritimati.digest;
  const faults = utc.faults + kiritimati.faults;
  return {
    tried: `${utc.transitions} changes of clocks, ${utc.lots} lots, ${utc.falls} falls of a tier, ${utc.ticks} ticks, in 2 processes' zones`,
    measured: `${faults} faults ${[...utc.samples, ...kiritimati.samples].join('; ')}; ${isSame ? 'equal' : 'different'} under UTC and Pacific/Kiritimati`,
    isKept: faults === 0 && isSame && utc.lots > 1000 && utc.transitions > 120,
  };
});
