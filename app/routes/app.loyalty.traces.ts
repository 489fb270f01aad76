import { json } from '@remix-run/node';
import type { ActionFunctionArgs } from '@remix-run/node';
import { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import type { TaggingAnswer } from '#app/components/loyalty/program/traces-card.tsx';
import { merchantContext } from '#app/context.server.ts';
import { saveTagging } from '#app/services/loyalty/traces/save-tagging.server.ts';

const formSchema = z.object({ intent: z.enum(['tag', 'leave-untagged']) });

/** Whether members carry a tag of their tier: a switch of the set-up page that holds at once. */
export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const form = await readForm(request, formSchema);
  if (form === null) return json<TaggingAnswer>({ outcome: 'refused' }, { status: 400 });
  const isTagging = form.intent === 'tag';
  await saveTagging(context, isTagging);
  return json<TaggingAnswer>({ outcome: 'saved', isTagging });
}
