import type { LoaderFunctionArgs } from '@remix-run/node';

import { exposeDatabaseMetrics, renderMetrics } from '#app/adapters/metrics/expose-metrics.server.ts';
import { pool } from '#app/db.server.ts';
import { isOperator } from '#app/access/operator-access.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';

/** For Prometheus, with the operator's token. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  if (!isOperator(request.headers.get('Authorization'))) return new Response(null, { status: 404 });
  exposeDatabaseMetrics({ pool, ...systemRuntime });
  const { text, contentType } = await renderMetrics();
  return new Response(text, { headers: { 'Content-Type': contentType } });
}
