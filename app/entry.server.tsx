import { PassThrough } from 'node:stream';

import type { ActionFunctionArgs, EntryContext, LoaderFunctionArgs } from '@remix-run/node';
import { createReadableStreamFromReadable } from '@remix-run/node';
import { isRouteErrorResponse, RemixServer } from '@remix-run/react';
import { isbot } from 'isbot';
import { renderToPipeableStream } from 'react-dom/server';

import { loadShopsOpenedSince } from '#app/adapters/db/shop-registry.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { scrubText } from '#app/logging/describe-error.server.ts';
import { NonceContext } from '#app/components/nonce.ts';
import { shopContext } from '#app/context.server.ts';
import { prisma } from '#app/db.server.ts';
import { policyOfPage } from '#app/http/document-policy.server.ts';
import { log } from '#app/logging/log.server.ts';
import { pathWithoutValues } from '#app/logging/path-without-values.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { warmOverviews, warmPredictions } from '#app/services/retention/warm-pages.server.ts';

/** After this long a document is sent as far as it has come. */
export const streamTimeout = 5_000;

export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
): Promise<Response> {
  const policy = policyOfPage(request);
  for (const [name, value] of Object.entries(policy.headers)) headers.set(name, value);
  headers.set('Content-Type', 'text/html; charset=utf-8');
  // A crawler gets the whole page at once, everyone else as soon as there is something to show.
  const whenToSend = isbot(request.headers.get('user-agent')) ? 'onAllReady' : 'onShellReady';

  return new Promise((resolve, reject) => {
    let hasBegun = false;
    const { pipe, abort } = renderToPipeableStream(
      <NonceContext.Provider value={policy.nonce}>
        <RemixServer context={remixContext} url={request.url} abortDelay={streamTimeout} />
      </NonceContext.Provider>,
      {
        nonce: policy.nonce,
        [whenToSend]: () => {
          hasBegun = true;
          const body = new PassThrough();
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status }));
          pipe(body);
        },
        onShellError: reject,
        onError(error) {
          // Before the first byte the error reaches onShellError, and handleError after it.
          if (hasBegun) log.error({ err: error }, 'rendering failed after the first byte');
        },
      },
    );
    setTimeout(abort, streamTimeout + 1_000).unref();
  });
}

/** What a loader, an action or a render threw and nobody expected. */
export function handleError(error: unknown, { request, params }: LoaderFunctionArgs | ActionFunctionArgs): void {
  // Whoever asked has gone away.
  if (request.signal.aborted) return;
  // A wrong address or method is the caller's mistake, and anybody can make thousands of them.
  if (isRouteErrorResponse(error) && error.status < 500) return;
  log.error({ err: error, method: request.method, path: scrubText(pathWithoutValues(new URL(request.url).pathname, params)) }, 'a request failed');
}

/** These two are for the listener, which is not built: what it imports of them is another copy, with columns of its own. */
export function warmOverviewsOfShops(): Promise<ShopRef[]> {
  const loadShops = (openedSince: Date) => loadShopsOpenedSince(prisma, openedSince);
  return warmOverviews({ loadShops, contextOf: shopContext, now: systemRuntime.now });
}

export function warmPredictionsOf(shops: readonly ShopRef[]): Promise<void> {
  return warmPredictions(shops, shopContext);
}
