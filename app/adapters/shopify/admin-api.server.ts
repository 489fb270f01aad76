import { ClientError, GraphQLClient } from 'graphql-request';

import type { TypedDocumentString } from '#app/generated/admin-api.ts';

export const ADMIN_API_VERSION = '2026-10';

const CALL_DEADLINE_MS = 15_000;
const MAX_THROTTLE_WAITS = 8;

/** Shopify did not answer in time, not with JSON, or with a server error. What was asked may or may not have happened. */
export class ShopifyUnavailableError extends Error {
  override name = 'ShopifyUnavailableError';
}

/** The grant is gone: uninstalled, or the token was revoked. */
export class ShopifyAccessError extends Error {
  override name = 'ShopifyAccessError';
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
  /** Gives a token that is good for at least a minute. `isRefused` says that Shopify just refused the last one. */
  accessToken: (isRefused: boolean) => Promise<string>;
  wait?: (milliseconds: number) => Promise<void>;
}

/**
 * Waits out THROTTLED answers by the bucket's own figures: such a request was not run, so sending it again is safe for
 * a mutation too. Nothing else is sent twice but one 401, which was not run either.
 */
export function createAdminApi({ domain, accessToken, wait = waitFor }: AdminApiOptions): AdminApi {
  return async (document, variables) => {
    let isRefused = false;
    for (let throttled = 0; ; ) {
      const answer = await send(domain, await accessToken(isRefused), document.toString(), variables);
      if (answer.kind === 'refused' && !isRefused) {
        isRefused = true;
        continue;
      }
      if (answer.kind === 'throttled' && throttled < MAX_THROTTLE_WAITS) {
        throttled += 1;
        await wait(answer.waitMs);
        continue;
      }
      if (answer.kind === 'refused') throw new ShopifyAccessError(`${domain} refuses our token`);
      if (answer.kind === 'throttled') throw new ShopifyUnavailableError(`${domain} throttles us for too long`);
      // The document's own type says what its answer holds; graphql-request has parsed the JSON.
      return { data: answer.data as never, withheld: answer.withheld };
    }
  };
}

type Sent =
  | { kind: 'answered'; data: unknown; withheld: string[] }
  | { kind: 'throttled'; waitMs: number }
  | { kind: 'refused' };

async function send(domain: string, token: string, query: string, variables: object): Promise<Sent> {
  const client = new GraphQLClient(`https://${domain}/admin/api/${ADMIN_API_VERSION}/graphql.json`, {
    headers: { 'X-Shopify-Access-Token': token },
    errorPolicy: 'all',
    fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(CALL_DEADLINE_MS), redirect: 'error' }),
  });
  try {
    const answer = await client.rawRequest<unknown>(query, variables);
    return readErrors(answer.data, answer.errors ?? [], answer.extensions);
  } catch (error) {
    if (!(error instanceof ClientError)) throw new ShopifyUnavailableError(`No answer from ${domain}`, { cause: error });
    const { status } = error.response;
    if (status === 401 || status === 403) return { kind: 'refused' };
    if (status === 429) return { kind: 'throttled', waitMs: retryAfterMs(error.response.headers) };
    // The vendor's error carries the whole request, so only its status is kept.
    if (status === 404 || status === 402 || status === 423) throw new ShopifyAccessError(`${domain} answered ${status}`);
    throw new ShopifyUnavailableError(`${domain} answered ${status}`);
  }
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
  if (data === null || data === undefined) throw new ShopifyRequestError(withheld[0]?.message ?? 'An answer without data');
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
  return Number.isFinite(seconds) ? Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, seconds * 1000)) : MIN_WAIT_MS;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function waitFor(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
