import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';

import { ProblemPage } from '#app/components/problem-page.tsx';
import { merchantContext } from '#app/context.server.ts';

/** An address below /app that no page has, with the app's own pages still in the menu. */
export async function loader({ request }: LoaderFunctionArgs) {
  await merchantContext(request);
  return json(null, { status: 404 });
}

export async function action({ request }: ActionFunctionArgs) {
  await merchantContext(request);
  return json(null, { status: 404 });
}

export default function MissingInApp() {
  return <ProblemPage problem="notFound" />;
}
