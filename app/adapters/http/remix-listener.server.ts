import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';

import { createRequestHandler, writeReadableStreamToWritable } from '@remix-run/node';
import type { AppLoadContext, ServerBuild } from '@remix-run/node';

import { log } from '#app/logging/log.server.ts';
import { writeHeaders } from './default-headers.server.ts';
import { readBody } from './read-body.server.ts';

const COMPRESSIBLE = /^(text\/|application\/(json|javascript))/;
/** The web's Request throws on the others, such as TRACE. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Answers in place of the app where a caller asks too much. */
export interface Limits {
  refuse: (request: IncomingMessage, asWeb: Request) => Promise<Response | null>;
  refuseForger: (request: IncomingMessage, asWeb: Request, answer: Response) => Promise<Response | null>;
  /** Whether the app may look for the answer while `refuse` is still counting. */
  isAskedAhead: (asWeb: Request) => boolean;
}

declare module '@remix-run/node' {
  interface AppLoadContext {
    /** False where the caller asks too much: the answer will not be sent, and nothing is to be written for it. */
    readonly isLetIn?: Promise<boolean>;
  }
}

/**
 * So many at a time. A caller who asks for more than this in the moment that counting takes is one to be counted first.
 */
const MOST_AHEAD = 16;

interface ListenerOptions {
  /** The app's public address: what `request.url` begins with, whatever a Host header claims. */
  origin: string;
  limits?: Limits;
}

/** Answers requests of node:http with a Remix build. */
export function createRemixListener(
  build: ServerBuild,
  { origin, limits }: ListenerOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const answer = createRequestHandler(build, 'production');
  const ahead = { count: 0 };
  return async (request, response) => {
    try {
      await send(await answerTo(answer, { request, response, origin, limits, ahead }), request, response);
    } catch (error) {
      log.error({ err: error, method: request.method }, 'a request failed outside of Remix');
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end();
    }
  };
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  origin: string;
  limits: Limits | undefined;
  /** How many are looked up while they are counted. */
  ahead: { count: number };
}

type AnswerOf = (request: Request, context?: AppLoadContext) => Promise<Response>;

async function answerTo(answer: AnswerOf, exchange: Exchange): Promise<Response> {
  const { method = 'GET' } = exchange.request;
  if (!METHODS.has(method)) return new Response(null, { status: 405 });
  if (!isReadable(pathOf(exchange.request))) return new Response(null, { status: 400 });
  if (isForeignForm(exchange)) return new Response(null, { status: 403 });
  const { request, limits, ahead } = exchange;
  const head = toWebRequest(exchange, null);
  if (limits?.isAskedAhead(head) === true && ahead.count < MOST_AHEAD) return answerAhead(answer, { request, head, limits, ahead });
  const refusal = await limits?.refuse(request, head);
  if (refusal) return refusal;
  if (method === 'GET' || method === 'HEAD') return answer(head);
  const body = await readBody(request);
  if (body === null) return new Response(null, { status: 413 });
  const answered = await answer(toWebRequest(exchange, body));
  return (await limits?.refuseForger(request, head, answered)) ?? answered;
}

/** Counting is a way to the database, and so is what a page shows: a page that waits has them made at once. */
async function answerAhead(answer: AnswerOf, { request, head, limits, ahead }: { request: IncomingMessage; head: Request; limits: Limits } & Pick<Exchange, 'ahead'>): Promise<Response> {
  ahead.count += 1;
  const refusing = limits.refuse(request, head).finally(() => {
    ahead.count -= 1;
  });
  // Not every page waits for it: what went wrong with the counting is said below.
  const isLetIn = refusing.then((refusal) => refusal === null, () => false);
  const answering = answer(head, { isLetIn });
  // Nobody hears of the answer to whom it is refused.
  answering.catch(() => {});
  return (await refusing) ?? answering;
}

/** Extensions and storefronts live on other origins: these addresses look at a token or at Shopify's signature. */
const CALLED_FROM_ELSEWHERE = /^\/(api|proxy)\//;

/**
 * A form that another site's page sends. Nothing of ours goes by cookies, so it could do no harm; Remix refuses it too,
 * but as an error of ours with 500.
 */
function isForeignForm({ request: { method, headers, url }, origin }: Exchange): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS' || headers.origin === undefined) return false;
  return headers.origin !== new URL(origin).origin && !CALLED_FROM_ELSEWHERE.test(url ?? '');
}

function toWebRequest({ request, response, origin }: Exchange, body: Buffer<ArrayBuffer> | null): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith(':') || value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one);
  }
  const url = new URL(pathOf(request), origin);
  // Remix takes the parameter away before a loader could tell by it that this is no document.
  if (url.searchParams.has('_data')) headers.set('Sec-Fetch-Dest', 'empty');
  const abort = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) abort.abort();
  });
  return new Request(url, { method: request.method ?? 'GET', headers, signal: abort.signal, body });
}

/** The router warns on the console of each address that it cannot decode, and anybody can make those. */
function isReadable(path: string): boolean {
  try {
    decodeURI(path.split('?', 1)[0] ?? '');
    return true;
  } catch {
    return false;
  }
}

/** `//elsewhere.example/` would name another host when it is read against ours. */
function pathOf(request: IncomingMessage): string {
  return `/${(request.url ?? '/').replace(/^\/+/, '')}`;
}

async function send(answer: Response, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.statusCode = answer.status;
  // A body that nobody has read would be taken for the connection's next request.
  if (!request.complete) response.setHeader('Connection', 'close');
  writeHeaders(answer.headers, response, { path: pathOf(request) });
  if (answer.body === null || request.method === 'HEAD') {
    response.end();
    return;
  }
  await writeReadableStreamToWritable(answer.body, bodyWriter(answer, request, response));
}

function bodyWriter(answer: Response, request: IncomingMessage, response: ServerResponse): Writable {
  const isCompressible = COMPRESSIBLE.test(answer.headers.get('Content-Type') ?? '');
  if (!isCompressible || answer.headers.has('Content-Encoding') || !acceptsGzip(request)) return response;
  response.removeHeader('Content-Length');
  response.setHeader('Content-Encoding', 'gzip');
  response.appendHeader('Vary', 'Accept-Encoding');
  // Each piece of a streamed document goes out as soon as it is there.
  const gzip: Writable & Readable = createGzip({ flush: constants.Z_SYNC_FLUSH });
  gzip.pipe(response);
  response.once('close', () => gzip.destroy());
  return gzip;
}

export function acceptsGzip(request: IncomingMessage): boolean {
  return /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
}
