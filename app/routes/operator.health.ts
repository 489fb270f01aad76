import type { LoaderFunctionArgs } from '@remix-run/node';

import { pool, prisma } from '#app/db.server.ts';
import { isOperator } from '#app/access/operator-access.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';
import { checkShops, isHealthy } from '#app/services/operations/check-shops.server.ts';
import { renderHealth } from '#app/services/operations/render-health.ts';

// A request must end: more shops are on the next page, and `npm run check` has no such limits.
const SHOPS_A_PAGE = 20;
const SHOP_TIMEOUT_MS = 5_000;
const HEADERS = { 'Cache-Control': 'no-store', 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'" };

/** What must not be, shop by shop, for the operator: JSON, or a page for who asks for text/html. `?after=ID` goes on. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  if (!isOperator(request.headers.get('Authorization'))) return new Response(null, { status: 404 });
  const after = Number(new URL(request.url).searchParams.get('after') ?? 0);
  if (!Number.isSafeInteger(after) || after < 0) return new Response('after wants the id of a shop', { status: 400 });
  const context = { prisma, pool, sealedBox, now: systemRuntime.now };
  const report = await checkShops(context, { after, limit: SHOPS_A_PAGE, timeoutMs: SHOP_TIMEOUT_MS });
  if (request.headers.get('Accept')?.includes('text/html')) {
    return new Response(renderHealth(report), { headers: { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8' } });
  }
  return Response.json({ isHealthy: isHealthy(report), ...report }, { headers: HEADERS });
}
