import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';

/** In EUR, live from the beginning, without points for anything but orders, unless said otherwise. */
export function aProgram(change: { earning?: Partial<Program['earning']> } & Omit<Partial<Program>, 'earning'> = {}): Program {
  const usual = defaultProgram({ currency: 'EUR', unitMinor: 100 });
  const bare = { welcomePoints: null, birthdayPoints: null, firstOrderPoints: null };
  return {
    ...usual,
    status: { kind: 'live' },
    tiers: null,
    ...change,
    earning: { ...usual.earning, ...bare, ...change.earning },
  };
}
