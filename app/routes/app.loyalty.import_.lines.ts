import { json } from '@remix-run/node';
import type { ActionFunctionArgs } from '@remix-run/node';
import { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import { merchantContext } from '#app/context.server.ts';
import type { ImportAnswer } from '#app/domain/loyalty/members/import-lines.ts';
import { importPoints } from '#app/services/loyalty/import-points.server.ts';

const formSchema = z.object({
  intent: z.enum(['check', 'import']),
  fileHash: z.string().regex(/^[0-9a-f]{64}$/),
  fileName: z.string().trim().min(1).max(100),
  header: z.string().max(10_000),
  text: z.string(),
  firstLine: z.string().regex(/^\d{1,8}$/).transform(Number),
  takesRepeated: z.enum(['yes', 'no']).transform((word) => word === 'yes'),
});

/** A piece of a file of points: what it would do, or doing it. */
export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const form = await readForm(request, formSchema);
  if (form === null) return json<ImportAnswer>({ outcome: 'refused', reason: 'failed' }, { status: 400 });
  const { intent, takesRepeated, ...piece } = form;
  const isDryRun = intent === 'check';
  return json(await importPoints(context, { ...piece, isDryRun, takesRepeated: takesRepeated && !isDryRun }, context));
}
