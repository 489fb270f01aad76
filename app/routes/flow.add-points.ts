import type { ActionFunctionArgs } from '@remix-run/node';

import type { AddPointsProblem } from '#app/domain/loyalty/traces/add-points-run.ts';
import { LONGEST_FLOW_NOTE, MOST_POINTS_A_RUN, readPointsToAdd } from '#app/domain/loyalty/traces/add-points-run.ts';
import { answerFlowAction } from '#app/http/flow-endpoint.server.ts';
import type { FlowOutcome } from '#app/http/flow-endpoint.server.ts';
import { addPoints } from '#app/services/loyalty/traces/add-points.server.ts';
import type { AddPointsRefusal } from '#app/services/loyalty/traces/add-points.server.ts';

/** In the merchant's log of workflows, which Shopify shows in no language but the app's. */
const SENTENCES: Readonly<Record<AddPointsProblem | AddPointsRefusal['reason'], string>> = {
  'no-customer': 'The action needs a customer.',
  'points-no-number': 'Points must be a number.',
  'points-not-whole': 'Points must be a whole number.',
  'points-out-of-range': `Points must be between 1 and ${MOST_POINTS_A_RUN}.`,
  'note-too-long': `The note has more than ${LONGEST_FLOW_NOTE} characters.`,
  'no-program': 'The loyalty program has not been set up.',
  'unknown-customer': 'Perennial does not know this customer yet.',
  forgotten: 'This customer was deleted.',
  excluded: 'This customer takes no part in the loyalty program.',
  'over-limit': 'Your loyalty program allows fewer points at once.',
  'other-run': 'This run has given other points before.',
};

/** Flow's action "Add loyalty points": extensions/add-points. */
export const action = ({ request }: ActionFunctionArgs) =>
  answerFlowAction(request, 'add-points', async (context, { runId, properties, step }): Promise<FlowOutcome> => {
    const asked = readPointsToAdd(properties);
    if (!asked.ok) return { kind: 'refused', message: SENTENCES[asked.reason] };
    const added = await addPoints(context, { ...asked.value, runId, step });
    if (added.ok) return { kind: 'done', answer: { points: added.value.points, run: runId } };
    return { kind: added.reason === 'unknown-customer' ? 'later' : 'refused', message: SENTENCES[added.reason] };
  });
