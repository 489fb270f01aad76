import { PassThrough } from 'node:stream';

import type { ActionFunctionArgs, EntryContext, LoaderFunctionArgs } from '@remix-run/node';
import { createReadableStreamFromReadable } from '@remix-run/node';
import { isRouteErrorResponse, RemixServer } from '@remix-run/react';
import { isbot } from 'isbot';
import { renderToPipeableStream } from 'react-dom/server';

import { env } from '#app/env.server.ts';
import { log } from '#app/log.server.ts';
import { addDocumentResponseHeaders } from '#app/shopify.server.ts';

/** After this long a document is sent as far as it has come. */
export const streamTimeout = 5_000;

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
): Promise<Response> {
  addDocumentResponseHeaders(request, headers);
  // The library preloads App Bridge from its usual place, wherever ours comes from.
  headers.set('Link', `<${env.APP_BRIDGE_URL}>; rel="preload"; as="script"`);
  // The library names who may frame a shop's pages; a page of no shop is framed by nobody.
  if (!headers.has('Content-Security-Policy')) headers.set('Content-Security-Policy', "frame-ancestors 'none';");
  headers.set('Content-Type', 'text/html; charset=utf-8');
  // A crawler gets the whole page at once, everyone else as soon as there is something to show.
  const whenToSend = isbot(request.headers.get('user-agent')) ? 'onAllReady' : 'onShellReady';

  return new Promise((resolve, reject) => {
    let hasBegun = false;
    const { pipe, abort } = renderToPipeableStream(
      <RemixServer context={remixContext} url={request.url} abortDelay={streamTimeout} />,
      {
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
export function handleError(error: unknown, { request }: LoaderFunctionArgs | ActionFunctionArgs): void {
  // Whoever asked has gone away.
  if (request.signal.aborted) return;
  // A wrong address or method is the caller's mistake, and anybody can make thousands of them.
  if (isRouteErrorResponse(error) && error.status < 500) return;
  log.error({ err: error, method: request.method, path: new URL(request.url).pathname }, 'a request failed');
}
