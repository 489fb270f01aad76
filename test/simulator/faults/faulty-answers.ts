import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context, MiddlewareHandler } from 'hono';
import type { Platform } from '../platform.ts';
import { changeFields, isFieldFault, withholdField } from './change-fields.ts';
import { changeFile } from './change-file.ts';
import type { BulkFileFault, GraphqlFault, OauthFault } from './fault-rules.ts';

type Bindings = { Bindings: HttpBindings };
type AnswerFault = GraphqlFault | OauthFault | BulkFileFault;
type RequestPlace = 'graphql' | 'oauth' | 'bulk-file';

/** Lets the schedule's faults happen to the requests of one place, before they are handled and to their answers. */
export function faultyAnswers(platform: Platform, where: RequestPlace): MiddlewareHandler<Bindings> {
  return async (context, next) => {
    if (platform.faults.isQuiet) return next();
    const shop = shopOf(context, platform, where);
    const name = await nameOf(context, where);
    const faults: AnswerFault[] = platform.faults.strike(where, { name, shop });
    for (const fault of faults) {
      const instead = await beforeHandling(context, platform, fault);
      if (instead) return instead;
    }
    await next();
    for (const fault of faults) {
      const changed = (await brokenAnswer(context, fault)) ?? (await changedAnswer(context.res, fault, platform));
      // Emptied first, because the headers of the answer before would go into the new one.
      context.res = undefined;
      context.res = changed;
    }
    return undefined;
  };
}

/** Undefined when the request is to be handled after all. */
async function beforeHandling(
  context: Context<Bindings>,
  platform: Platform,
  fault: AnswerFault,
): Promise<Response | undefined> {
  switch (fault.kind) {
    case 'status':
      return page(fault.status);
    case 'html':
      return page(200);
    case 'too-many-requests':
      return context.json({ errors: 'Exceeded request limit' }, 429, { 'Retry-After': fault.retryAfterSeconds.toFixed(1) });
    case 'internal-error':
      return context.json({
        errors: [{ message: 'Internal error. Looks like something went wrong on our end.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
      });
    case 'refused':
      return context.json({ error: 'invalid_grant', error_description: 'This refresh token is invalid or expired.' }, 400);
    case 'expired-url':
      return context.text('ExpiredToken', 403);
    case 'reset':
    case 'hang':
      return fault.when === 'before' ? breakOff(context, fault.kind) : undefined;
    case 'slow':
      await wait(fault.delayMs);
      return undefined;
    case 'throttled':
      platform.bucketOf(context.req.header('x-sim-shop') ?? '').drain();
      return undefined;
    default:
      return undefined;
  }
}

async function breakOff({ env }: Context<Bindings>, kind: 'reset' | 'hang'): Promise<Response> {
  if (kind === 'reset') env.incoming.socket.resetAndDestroy();
  else if (!env.outgoing.closed) await new Promise<void>((resolve) => env.outgoing.once('close', resolve));
  return RESPONSE_ALREADY_SENT;
}

/** The answer that does not arrive, or not whole; undefined when it does. */
async function brokenAnswer(context: Context<Bindings>, fault: AnswerFault): Promise<Response | undefined> {
  if ((fault.kind === 'reset' || fault.kind === 'hang') && fault.when === 'after') return breakOff(context, fault.kind);
  if (fault.kind !== 'cut') return undefined;
  const whole = Buffer.from(await context.res.arrayBuffer());
  const { outgoing } = context.env;
  outgoing.writeHead(context.res.status, { 'Content-Type': 'application/jsonl', 'Content-Length': String(whole.length) });
  // The length promises the whole, and the connection goes once this much is out.
  outgoing.write(whole.subarray(0, Math.floor(whole.length * fault.share)), () => outgoing.destroy());
  return RESPONSE_ALREADY_SENT;
}

function page(status: number): Response {
  const text = status === 200 ? 'We will be right back' : `Error ${status}`;
  return new Response(`<!doctype html><title>${text}</title><h1>${text}</h1>`, {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
  });
}

async function changedAnswer(answer: Response, fault: AnswerFault, platform: Platform): Promise<Response> {
  if (fault.kind === 'short' || fault.kind === 'malformed-lines') {
    return changeFile(answer, fault, platform.faults);
  }
  if (isFieldFault(fault) && !isJson(answer)) return changeFile(answer, fault, platform.faults);
  switch (fault.kind) {
    case 'truncated-gzip':
      return truncatedGzip(answer);
    case 'invalid-json': {
      const text = await answer.text();
      return withBody(answer, text.slice(0, Math.ceil(text.length / 2)));
    }
    case 'fallen-forward':
      return withHeader(answer, 'X-Shopify-API-Version', fault.version);
    case 'deprecated':
      return withHeader(answer, 'X-Shopify-API-Deprecated-Reason', fault.reason);
    case 'changed-field':
    case 'missing-field':
    case 'extra-field':
      return withJson(answer, (body) => changeFields(body['data'] ?? body, fault));
    case 'withheld':
      return withJson(answer, (body) => withhold(body, fault.field));
    case 'no-expires-in':
      return withJson(answer, (body) => {
        delete body['expires_in'];
        if (fault.alsoOfRefreshToken) delete body['refresh_token_expires_in'];
      });
    default:
      return answer;
  }
}

function withhold(body: Record<string, unknown>, field: string): void {
  const paths = withholdField(body['data'], field);
  if (paths.length === 0) return;
  const known: unknown[] = Array.isArray(body['errors']) ? body['errors'] : [];
  const denied = paths.map((path) => ({
    message: `This app is not approved to access the ${field} field.`,
    path,
    extensions: { code: 'ACCESS_DENIED', documentation: 'https://shopify.dev/docs/apps/launch/protected-customer-data' },
  }));
  body['errors'] = [...known, ...denied];
}

async function truncatedGzip(answer: Response): Promise<Response> {
  const whole = gzipSync(await answer.text());
  const changed = withBody(answer, whole.subarray(0, Math.floor(whole.length * 0.6)));
  changed.headers.set('Content-Encoding', 'gzip');
  return changed;
}

function isJson(answer: Response): boolean {
  return /^application\/json\b/.test(answer.headers.get('content-type') ?? '');
}

async function withJson(answer: Response, change: (body: Record<string, unknown>) => void): Promise<Response> {
  const body: unknown = await answer.json();
  // Our own answers are objects.
  if (typeof body === 'object' && body !== null) change(body as Record<string, unknown>);
  return withBody(answer, JSON.stringify(body));
}

export function withBody(answer: Response, body: string | Uint8Array | ReadableStream<Uint8Array>): Response {
  const headers = new Headers(answer.headers);
  headers.delete('content-length');
  // A byte view of any kind is a body; the declarations differ in the kind of its buffer only.
  return new Response(body as BodyInit, { status: answer.status, headers });
}

function withHeader(answer: Response, name: string, value: string): Response {
  const headers = new Headers(answer.headers);
  headers.set(name, value);
  return new Response(answer.body, { status: answer.status, headers });
}

/** A file is asked for at an address that names no store. */
function shopOf(context: Context<Bindings>, platform: Platform, where: RequestPlace): string | null {
  if (where !== 'bulk-file') return context.req.header('x-sim-shop') ?? null;
  const id = Number(/(\d+)\.jsonl$/.exec(context.req.path)?.[1]);
  return [...platform.shops.keys()].find((shop) => platform.bulk.find(shop, id) !== null) ?? null;
}

async function nameOf(context: Context<Bindings>, where: RequestPlace): Promise<string> {
  if (where === 'bulk-file') return 'file';
  const text = await context.req.text();
  if (where === 'oauth') return /refresh_token/.test(grantTypeOf(text)) ? 'refresh_token' : 'token-exchange';
  return operationNameOf(text);
}

function grantTypeOf(text: string): string {
  return /grant_type["']?\s*[:=]\s*["']?([^"'&,}]+)/.exec(text)?.[1] ?? '';
}

/** The name that the client gives, or that of the first operation in the document; empty for an anonymous one. */
function operationNameOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null) return '';
    const given: unknown = Reflect.get(body, 'operationName');
    if (typeof given === 'string') return given;
    return /\b(?:query|mutation)\s+(\w+)/.exec(String(Reflect.get(body, 'query')))?.[1] ?? '';
  } catch {
    return '';
  }
}
