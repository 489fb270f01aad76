import { json } from '@remix-run/node';
import type { ActionFunctionArgs } from '@remix-run/node';

import { readProgramForm } from '#app/adapters/http/read-program-form.server.ts';
import type { ProgramAnswer } from '#app/components/loyalty/program/program-answer.ts';
import { merchantContext } from '#app/context.server.ts';
import type { StatusChange } from '#app/domain/loyalty/program/change-status.ts';
import { log } from '#app/logging/log.server.ts';
import { saveProgram } from '#app/services/loyalty/save-program.server.ts';
import { mayChangeLimit } from '#app/services/staff/may-change-limit.server.ts';

const FAILED: ProgramAnswer = { outcome: 'refused', reason: 'failed', problems: {} };

/** Set-up, rewards and tiers are parts of one program, which is saved here whichever page it was changed on. */
export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const posted = await readProgramForm(request);
  if (posted === null) return json(FAILED, { status: 400 });
  try {
    const saved = await saveProgram(context, { ...posted, savedBy: context.staffId, mayChangeLimit: await mayChangeLimit(context, context) });
    if (saved.ok) return json<ProgramAnswer>({ outcome: 'saved', version: saved.value.version, became: becameOf(posted.change) });
    if (saved.reason === 'unreadable') return json(FAILED, { status: 400 });
    const problems = saved.reason === 'wrong-fields' ? saved.problems : {};
    return json<ProgramAnswer>({ outcome: 'refused', reason: saved.reason, problems }, { status: saved.reason === 'changed-meanwhile' ? 409 : 422 });
  } catch (error) {
    // The page stays, with what the merchant has typed.
    log.error({ err: error, shopId: context.shop.shopId }, 'A loyalty program could not be saved');
    return json(FAILED, { status: 500 });
  }
}

function becameOf(change: StatusChange | null): Extract<ProgramAnswer, { outcome: 'saved' }>['became'] {
  return change?.to === 'live' && change.sinceDay !== undefined ? 'looking-back' : (change?.to ?? null);
}
