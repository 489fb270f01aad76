import { json } from '@remix-run/node';

import { ProblemPage } from '#app/components/problem-page.tsx';

/** An address that no page has. A route of its own, because without one no loader runs and nobody knows the language. */
export async function loader() {
  return json(null, { status: 404 });
}

export async function action() {
  return json(null, { status: 404 });
}

export default function Missing() {
  return <ProblemPage problem="notFound" />;
}
