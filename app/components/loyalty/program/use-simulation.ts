import { useFetcher } from '@remix-run/react';
import { useState } from 'react';

import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { Simulated, SimulationAnswer } from './simulation-answer.ts';

export interface Simulation {
  isTrying: boolean;
  hasFailed: boolean;
  simulated: Simulated | null;
  isStale: boolean;
  onTry: () => void;
}

/** Tries the program as it is typed, whenever the merchant asks for it. */
export function useSimulation(program: Program | null): Simulation {
  const fetcher = useFetcher<SimulationAnswer>();
  const [tried, setTried] = useState<string | null>(null);
  const isTrying = fetcher.state !== 'idle';
  const sent = program === null ? '' : JSON.stringify(program);
  return {
    isTrying,
    hasFailed: !isTrying && tried !== null && fetcher.data === null,
    simulated: fetcher.data ?? null,
    isStale: tried !== null && tried !== sent,
    onTry: () => {
      setTried(sent);
      fetcher.submit({ program: sent }, { method: 'post', action: '/app/loyalty/simulation' });
    },
  };
}
