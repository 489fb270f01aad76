import { ClientError, GraphQLClient } from 'graphql-request';

import type { TypedDocumentString } from '#app/generated/admin-api.ts';
import type { Runtime } from '#app/runtime.server.ts';

export const ADMIN_API_VERSION = '2026-10';

const CALL_DEADLINE_MS = 15_000;
const MAX_THROTTLE_WAITS = 8;

/** Shopify did not answer in time, not with JSON, or with a server error. What was asked may or may not have happened. */
export class ShopifyUnavailableError extends Error {
  override name = 'ShopifyUnavailableError';
}

/** The grant is gone: uninstalled, or the token was revoked. */
export class ShopifyAccessError extends Error {
  override name: string = 'ShopifyAccessError';
}

/**
 * Access is refused, which says nothing of the grant: the shop is frozen, locked or not to be found, or what we hold of
 * its token cannot be used.
 */
export class ShopifyGrantUnclearError extends ShopifyAccessError {
  override name = 'ShopifyGrantUnclearError';
}

/** Shopify read the request and refused it: a field, a scope or an argument is wrong. */
export class ShopifyRequestError extends Error {
  override name = 'ShopifyRequestError';
}

export interface AdminAnswer<TData> {
  data: TData;
  /** Fields that came back null because access to them is withheld. Empty in the good case. */
  withheld: string[];
}

/** Sends one document as one shop. Throws the three errors above. */
export interface AdminApi {
  <TData, TVariables extends object>(
    document: TypedDocumentString<TData, TVariables>,
    variables: TVariables,
  ): Promise<AdminAnswer<TData>>;
}

interface AdminApiOptions {
  domain: string;
  /** Gives a token that is good for at least a minute, and is not the one that Shopify has just refused. */
  accessToken: (refused: string | null) => Promise<string>;
  wait: Runtime['wait'];
  fetch: Runtime['fetch'];
  deadlineMs?: number;
}

/**
 * Waits out THROTTLED answers by the bucket's own figures: such a request was not run, so sending it again is safe for
 * a mutation too. Nothing else is sent twice but one 401, which was not run either.
 */
export function createAdminApi(options: AdminApiOptions): AdminApi {
  const { domain, accessToken, wait, fetch, deadlineMs = CALL_DEADLINE_MS } = options;
  return async (document, variables) => {
    let refused: string | null = null;
    for (let throttled = 0; ; ) {
      const token = await accessToken(refused);
      const answer = await send({ domain, token, deadlineMs, fetch }, document.toString(), variables);
      if (answer.kind === 'refused' && refused === null) {
        refused = token;
        continue;
      }
      if (answer.kind === 'throttled' && throttled < MAX_THROTTLE_WAITS) {
        throttled += 1;
        await wait(answer.waitMs);
        continue;
      }
      if (answer.kind === 'refused') throw refusalOf(domain, answer.status);
      if (answer.kind === 'throttled') throw new ShopifyUnavailableError(`${domain} throttles us for too long`);
      // The document's own type says what its answer holds; graphql-request has parsed the JSON.
      return { data: answer.data as never, withheld: answer.withheld };
    }
  };
}

type Sent =
  | { kind: 'answered'; data: unknown; withheld: string[] }
  | { kind: 'throttled'; waitMs: number }
  | { kind: 'refused'; status: 401 | 403 };

function refusalOf(domain: string, status: 401 | 403): ShopifyAccessError {
  const message = `${domain} refuses our token (${status})`;
  return status === 401 ? new ShopifyAccessError(message) : new ShopifyGrantUnclearError(message);
}

interface Call {
  domain: string;
  token: string;
  deadlineMs: number;
  fetch: Runtime['fetch'];
}

async function send({ domain, token, deadlineMs, fetch }: Call, query: string, variables: object): Promise<Sent> {
  const client = new GraphQLClient(`https://${domain}/admin/api/${ADMIN_API_VERSION}/graphql.json`, {
    headers: { 'X-Shopify-Access-Token': token },
    errorPolicy: 'all',
    fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(deadlineMs), redirect: 'error' }),
  });
  let answer: RawAnswer;
  try {
    answer = await client.rawRequest<unknown>(query, variables);
  } catch (error) {
    if (!(error instanceof ClientError)) throw new ShopifyUnavailableError(`No answer from ${domain}`, { cause: error });
    const { status } = error.response;
    if (status === 401 || status === 403) return { kind: 'refused', status };
    if (status === 429) return throttledUntil(domain, retryAfterMs(error.response.headers));
    // The vendor's error carries the whole request, so only its status is kept.
    if (status === 404 || status === 402 || status === 423) {
      throw new ShopifyGrantUnclearError(`${domain} answered ${status}`);
    }
    throw new ShopifyUnavailableError(`${domain} answered ${status}`);
  }
  return readErrors(answer.data, answer.errors ?? [], answer.extensions);
}

interface RawAnswer {
  data: unknown;
  errors?: readonly GraphQLProblem[] | undefined;
  extensions?: unknown;
}

interface GraphQLProblem {
  message: string;
  path?: readonly (string | number)[] | undefined;
  extensions?: Record<string, unknown> | undefined;
}

function readErrors(data: unknown, problems: readonly GraphQLProblem[], extensions: unknown): Sent {
  const codes = problems.map((problem) => problem.extensions?.code);
  if (codes.includes('THROTTLED')) return { kind: 'throttled', waitMs: throttleWaitMs(extensions) };
  const withheld = problems.filter((problem) => problem.extensions?.code === 'ACCESS_DENIED');
  const [other] = problems.filter((problem) => !withheld.includes(problem));
  if (other && codes.includes('INTERNAL_SERVER_ERROR')) throw new ShopifyUnavailableError(other.message);
  if (other) throw new ShopifyRequestError(other.message);
  if (withheld[0] && !isRecord(data)) throw new ShopifyRequestError(withheld[0].message);
  if (!isRecord(data) || Array.isArray(data)) throw new ShopifyUnavailableError('An answer without data');
  return { kind: 'answered', data, withheld: withheld.map((problem) => (problem.path ?? []).join('.')) };
}

const MAX_WAIT_MS = 10_000;
const MIN_WAIT_MS = 100;

function throttleWaitMs(extensions: unknown): number {
  const cost = isRecord(extensions) && isRecord(extensions.cost) ? extensions.cost : {};
  const bucket = isRecord(cost.throttleStatus) ? cost.throttleStatus : {};
  const missing = Number(cost.requestedQueryCost ?? 0) - Number(bucket.currentlyAvailable ?? 0);
  const waitMs = (missing / Number(bucket.restoreRate ?? 50)) * 1000;
  return Number.isFinite(waitMs) ? Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, Math.ceil(waitMs))) : MIN_WAIT_MS;
}

function retryAfterMs(headers: unknown): number {
  const seconds = headers instanceof Headers ? Number(headers.get('retry-after')) : Number.NaN;
  return Number.isFinite(seconds) ? Math.max(MIN_WAIT_MS, seconds * 1000) : MIN_WAIT_MS;
}

/** A wait that is too long to hold a request for is the caller's to make: asking sooner would only prolong it. */
function throttledUntil(domain: string, waitMs: number): Sent {
  if (waitMs > MAX_WAIT_MS) throw new ShopifyUnavailableError(`${domain} throttles us for ${waitMs} ms`);
  return { kind: 'throttled', waitMs };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
