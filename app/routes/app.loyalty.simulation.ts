import { json } from '@remix-run/node';
import type { ActionFunctionArgs } from '@remix-run/node';

import { readTriedProgram } from '#app/adapters/http/read-program-form.server.ts';
import { USUAL_BREAKAGE_BASIS_POINTS } from '#app/components/loyalty/program/simulation-answer.ts';
import type { SimulationAnswer } from '#app/components/loyalty/program/simulation-answer.ts';
import { merchantContext } from '#app/context.server.ts';
import { log } from '#app/logging/log.server.ts';
import { simulateOnPast } from '#app/services/loyalty/simulate-on-past.server.ts';

/** Tries a program as it is typed on the store's own past, and saves nothing. */
export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const program = await readTriedProgram(request);
  if (program === null) return json<SimulationAnswer>(null, { status: 400 });
  try {
    const simulated = await simulateOnPast(context, { program, breakageBasisPoints: USUAL_BREAKAGE_BASIS_POINTS });
    return json<SimulationAnswer>(simulated, { status: simulated === null ? 422 : 200 });
  } catch (error) {
    // The page stays, with what the merchant has typed.
    log.error({ err: error, shopId: context.shop.shopId }, 'A loyalty program could not be tried');
    return json<SimulationAnswer>(null, { status: 500 });
  }
}
