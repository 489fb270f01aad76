import { parse } from 'graphql';
import { ClientError, GraphQLClient } from 'graphql-request';

import type { PointFacts, PointPacer, PointTurn } from '#app/adapters/shopify/point-pacer.server.ts';
import type { TypedDocumentString } from '#app/generated/admin-api.ts';
import type { Runtime } from '#app/runtime.server.ts';

export const ADMIN_API_VERSION = '2026-10';

const CALL_DEADLINE_MS = 15_000;
const MAX_THROTTLE_WAITS = 8;
const MIN_WAIT_MS = 100;
const MAX_PAUSE_MS = 10_000;
const MAX_QUERY_RETRIES = 2;
const FIRST_RETRY_MS = 200;

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

/** What an answer tells beside its data, for whoever looks after the app. */
export type AdminApiNotice =
  /** Refused for want of points, or with 429. */
  | 'throttled'
  /** Another version answered than was asked for: ours is no more. */
  | 'fallen-forward'
  | 'deprecated'
  /** A field was null because we may not read it. */
  | 'withheld';

interface AdminApiOptions extends Pick<Runtime, 'fetch' | 'wait' | 'monotonicMs' | 'randomFraction'> {
  domain: string;
  /** Gives a token that is good for at least a minute, and is not the one that Shopify has just refused. */
  accessToken: (refused: string | null) => Promise<string>;
  /** Of the store; the same for all its clients in this process. */
  pacer: PointPacer;
  onNotice?: (kind: AdminApiNotice, detail: string) => void;
  deadlineMs?: number;
}

/**
 * Asks when the store's bucket has the points, and waits out THROTTLED and 429: such a request was not run, so sending
 * it again is safe for a mutation too. So it is with one 401. After a failure that leaves open what happened, a query is
 * asked again within the same deadline, and a mutation never is.
 */
export function createAdminApi(options: AdminApiOptions): AdminApi {
  const { domain, accessToken, wait, randomFraction, deadlineMs = CALL_DEADLINE_MS } = options;
  return async (document, variables) => {
    const query = document.toString();
    const maxRetries = isQueryOnly(query) ? MAX_QUERY_RETRIES : 0;
    let refused: string | null = null;
    // Of the time that Shopify may take for all tries; waiting for points is not counted.
    let leftMs = deadlineMs;
    for (let throttled = 0, retries = 0; ; ) {
      const token = await accessToken(refused);
      const sent = await sendInTurn(options, { token, query, variables, leftMs }, throttled > 0 ? MIN_WAIT_MS : 0);
      switch (sent.kind) {
        case 'answered':
          // The document's own type says what its answer holds; graphql-request has parsed the JSON.
          return { data: sent.data as never, withheld: sent.withheld };
        case 'refused':
          if (refused !== null) throw refusalOf(domain, sent.status);
          refused = token;
          break;
        case 'throttled':
          if (throttled >= MAX_THROTTLE_WAITS) throw new ShopifyUnavailableError(`${domain} throttles us for too long`);
          throttled += 1;
          break;
        case 'failed': {
          const pauseMs = FIRST_RETRY_MS * 2 ** retries * (0.5 + randomFraction());
          leftMs -= sent.tookMs + pauseMs;
          if (retries >= maxRetries || leftMs <= 0) throw sent.error;
          retries += 1;
          await wait(pauseMs);
        }
      }
    }
  };
}

type Answered =
  | { kind: 'answered'; data: unknown; withheld: string[] }
  | { kind: 'throttled' }
  | { kind: 'refused'; status: 401 | 403 };

type Sent = Answered | { kind: 'failed'; error: ShopifyUnavailableError; tookMs: number };

interface Attempt {
  token: string;
  query: string;
  variables: object;
  leftMs: number;
}

/** A wait that is too long to hold a request for is the caller's to make: asking sooner would only prolong it. */
async function sendInTurn(options: AdminApiOptions, attempt: Attempt, atLeastMs: number): Promise<Sent> {
  const { pacer, domain, monotonicMs } = options;
  const { pauseMs } = pacer;
  if (pauseMs > MAX_PAUSE_MS) throw new ShopifyUnavailableError(`${domain} throttles us for ${Math.ceil(pauseMs)} ms`);
  const turn = await pacer.enter(costKeyOf(attempt), atLeastMs);
  const startedMs = monotonicMs();
  try {
    return await send(options, attempt, turn);
  } catch (error) {
    if (!(error instanceof ShopifyUnavailableError)) throw error;
    return { kind: 'failed', error, tookMs: monotonicMs() - startedMs };
  } finally {
    turn.leave();
  }
}

/** What a document costs depends on how much it is asked for: on the lengths of lists and the sizes of pages. */
function costKeyOf({ query, variables }: Attempt): string {
  const sizes = Object.values(variables).map((value: unknown) => {
    if (Array.isArray(value)) return value.length;
    return typeof value === 'number' ? value : '';
  });
  return `${sizes.join(' ')} ${query}`;
}

const queriesOnly = new Map<string, boolean>();

/** Our documents are few, so what was found of each is kept. */
function isQueryOnly(text: string): boolean {
  const known = queriesOnly.get(text);
  if (known !== undefined) return known;
  const operations = parse(text).definitions.filter((definition) => definition.kind === 'OperationDefinition');
  const found = operations.length === 1 && operations[0]?.operation === 'query';
  queriesOnly.set(text, found);
  return found;
}

function refusalOf(domain: string, status: 401 | 403): ShopifyAccessError {
  const message = `${domain} refuses our token (${status})`;
  return status === 401 ? new ShopifyAccessError(message) : new ShopifyGrantUnclearError(message);
}

async function send(options: AdminApiOptions, { token, query, variables, leftMs }: Attempt, turn: PointTurn): Promise<Answered> {
  const { domain, fetch, pacer, onNotice } = options;
  const client = new GraphQLClient(`https://${domain}/admin/api/${ADMIN_API_VERSION}/graphql.json`, {
    headers: { 'X-Shopify-Access-Token': token },
    errorPolicy: 'all',
    fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(Math.ceil(leftMs)), redirect: 'error' }),
  });
  let answer: RawAnswer;
  try {
    answer = await client.rawRequest<unknown>(query, variables);
  } catch (error) {
    if (!(error instanceof ClientError)) throw new ShopifyUnavailableError(`No answer from ${domain}`, { cause: error });
    const { status } = error.response;
    if (status === 401 || status === 403) return { kind: 'refused', status };
    if (status === 429) {
      pacer.pauseFor(retryAfterMs(error.response.headers));
      onNotice?.('throttled', '429');
      return { kind: 'throttled' };
    }
    // The vendor's error carries the whole request, so only its status is kept.
    if (status === 404 || status === 402 || status === 423) {
      throw new ShopifyGrantUnclearError(`${domain} answered ${status}`);
    }
    throw new ShopifyUnavailableError(`${domain} answered ${status}`);
  }
  const points = readPoints(answer.extensions);
  if (points) turn.note(points);
  const read = readErrors(answer.data, answer.errors ?? []);
  if (onNotice) noteAnswer(onNotice, answer.headers, read);
  return read;
}

function noteAnswer(onNotice: NonNullable<AdminApiOptions['onNotice']>, headers: Headers, read: Answered): void {
  const version = headers.get('x-shopify-api-version');
  if (version !== null && version !== ADMIN_API_VERSION) onNotice('fallen-forward', version);
  const deprecation = headers.get('x-shopify-api-deprecated-reason');
  if (deprecation !== null) onNotice('deprecated', deprecation);
  if (read.kind === 'throttled') onNotice('throttled', 'points');
  for (const path of read.kind === 'answered' ? read.withheld : []) onNotice('withheld', path);
}

interface RawAnswer {
  data: unknown;
  errors?: readonly GraphQLProblem[] | undefined;
  extensions?: unknown;
  headers: Headers;
}

interface GraphQLProblem {
  message: string;
  path?: readonly (string | number)[] | undefined;
  extensions?: Record<string, unknown> | undefined;
}

function readErrors(data: unknown, problems: readonly GraphQLProblem[]): Answered {
  const codes = problems.map((problem) => problem.extensions?.code);
  if (codes.includes('THROTTLED')) return { kind: 'throttled' };
  const withheld = problems.filter((problem) => problem.extensions?.code === 'ACCESS_DENIED');
  const [other] = problems.filter((problem) => !withheld.includes(problem));
  if (other && codes.includes('INTERNAL_SERVER_ERROR')) throw new ShopifyUnavailableError(nameProblem(other));
  if (other) throw new ShopifyRequestError(nameProblem(other));
  if (withheld[0] && !isRecord(data)) throw new ShopifyRequestError(nameProblem(withheld[0]));
  if (!isRecord(data) || Array.isArray(data)) throw new ShopifyUnavailableError('An answer without data');
  return { kind: 'answered', data, withheld: withheld.map((problem) => (problem.path ?? []).join('.')) };
}

/** Without Shopify's own words, which may quote what was asked about whom: this is logged, and stored with an import. */
function nameProblem({ path, extensions = {} }: GraphQLProblem): string {
  const { code, typeName, fieldName, requiredAccess } = extensions;
  const names = [code, typeName, fieldName, requiredAccess].filter((name) => typeof name === 'string' && /^[\w.` -]+$/.test(name));
  return `Shopify answered with an error: ${names.join(' ') || 'of no code'}${path ? ` at ${path.join('.')}` : ''}`;
}

/** Null when the answer does not tell, or tells what no bucket can be. */
function readPoints(extensions: unknown): PointFacts | null {
  const cost = isRecord(extensions) && isRecord(extensions.cost) ? extensions.cost : {};
  const bucket = isRecord(cost.throttleStatus) ? cost.throttleStatus : {};
  const { maximumAvailable: maximum, currentlyAvailable: available, restoreRate: restorePerSecond } = bucket;
  const { requestedQueryCost: requested, actualQueryCost } = cost;
  if (!isAmount(maximum) || !isAmount(available) || !isAmount(restorePerSecond) || !isAmount(requested)) return null;
  if (restorePerSecond === 0) return null;
  return { requested, actual: isAmount(actualQueryCost) ? actualQueryCost : null, available, maximum, restorePerSecond };
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function retryAfterMs(headers: unknown): number {
  const seconds = headers instanceof Headers ? Number(headers.get('retry-after')) : Number.NaN;
  return Number.isFinite(seconds) ? Math.max(MIN_WAIT_MS, seconds * 1000) : MIN_WAIT_MS;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
