import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { readTextsAddress } from '#app/adapters/http/read-texts-form.server.ts';
import { merchantContext } from '#app/context.server.ts';
import { getSurfaceWords } from '#app/services/texts/get-texts.server.ts';

/** `GET /app/texts/words?surface=profile&language=de`: for the previews beside other editors. */
export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const { surface, locale } = readTextsAddress(request);
  if (surface === null || locale === null) return json(null, { status: 400 });
  return json(await getSurfaceWords(context, { surface, locale }));
}
