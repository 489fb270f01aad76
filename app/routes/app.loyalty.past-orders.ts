import { json } from '@remix-run/node';
import type { ActionFunctionArgs } from '@remix-run/node';

import { readPastQuestion } from '#app/adapters/http/read-program-form.server.ts';
import { PAST_PROBLEMS } from '#app/components/loyalty/program/past-answer.ts';
import type { PastAnswer } from '#app/components/loyalty/program/past-answer.ts';
import { merchantContext } from '#app/context.server.ts';
import { log } from '#app/logging/log.server.ts';
import { tryPastAwards } from '#app/services/loyalty/try-past-awards.server.ts';

const FAILED: PastAnswer = { outcome: 'refused', reason: 'failed' };

/** Counts a piece of what looking back at past orders comes to, and gives nobody anything. */
export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const question = await readPastQuestion(request);
  if (question === null) return json(FAILED, { status: 400 });
  try {
    const tried = await tryPastAwards(context, question);
    if (!tried.ok) return json<PastAnswer>({ outcome: 'refused', reason: PAST_PROBLEMS.find((known) => known === tried.reason) ?? 'failed' }, { status: 422 });
    const { counted, next, orders } = tried.value;
    return json<PastAnswer>({ outcome: 'counted', counted, next: next === null ? null : String(next), orders });
  } catch (error) {
    // The page stays, with what the merchant has typed.
    log.error({ err: error, shopId: context.shop.shopId }, 'Past orders could not be counted');
    return json(FAILED, { status: 500 });
  }
}
