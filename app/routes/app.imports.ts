import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import { merchantContext } from '#app/context.server.ts';
import { cancelImports } from '#app/services/sync/cancel-imports.server.ts';
import { loadImportProgress } from '#app/services/sync/load-import-progress.server.ts';
import { restartImports } from '#app/services/sync/restart-imports.server.ts';

const formSchema = z.object({ intent: z.enum(['cancel', 'restart']) });

/** What the pages ask once a second while an import runs. */
export async function loader({ request }: LoaderFunctionArgs) {
  return json(await loadImportProgress(await merchantContext(request)));
}

export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const form = await readForm(request, formSchema);
  if (form === null) return json({ started: false }, { status: 400 });
  if (form.intent === 'cancel') await cancelImports(context);
  else await restartImports(context);
  return json({ started: form.intent === 'restart' });
}
