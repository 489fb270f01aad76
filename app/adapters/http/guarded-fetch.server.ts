import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';

import { Agent } from 'undici';

import { isPublicAddress } from '#app/adapters/http/public-address.ts';
import type { Runtime } from '#app/runtime.server.ts';

export interface FetchLimits {
  /** For all of it, the body too. */
  deadlineMs: number;
  maxBytes: number;
}

/** What an answer of anybody may be: a page, a document, not a file. */
export const USUAL_LIMITS: FetchLimits = { deadlineMs: 5_000, maxBytes: 10 * 1024 * 1024 };

/** Nothing is asked of this address. The message never repeats it: it came from outside and may carry a secret. */
export class RefusedAddressError extends Error {
  override name = 'RefusedAddressError';
}

/** The answer is larger than was agreed. */
export class TooLargeAnswerError extends Error {
  override name = 'TooLargeAnswerError';
}

/** Every address of a name. */
export type ResolveName = (
  name: string,
  done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

// A file may take minutes as long as it comes; a connection on which nothing comes is dead.
const SILENCE_MS = 15_000;

const resolveWithSystem: ResolveName = (name, done) => systemLookup(name, { all: true }, done);

/** `fetch` for addresses that come from outside. Redirects are refused, since each would be another such address. */
export type GuardedFetch = (fetch: Runtime['fetch'], address: string, limits?: FetchLimits) => Promise<Response>;

/**
 * Fetches from the public internet only. The name is resolved when the connection is made, and that very answer is
 * checked and connected to, so that no second answer can lead elsewhere.
 */
export function createGuardedFetch(resolve: ResolveName = resolveWithSystem): GuardedFetch {
  const connect = { lookup: publicLookup(resolve), timeout: 5_000 };
  const agent = new Agent({ connect, keepAliveTimeout: 1, headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS });
  return async (fetch, address, { deadlineMs, maxBytes } = USUAL_LIMITS) => {
    const url = requireFetchable(address);
    // Node's fetch is undici's and takes a dispatcher, which the DOM's declaration of it does not know.
    const options = { signal: AbortSignal.timeout(deadlineMs), redirect: 'error', dispatcher: agent } as RequestInit;
    const response = await fetch(url, options).catch((error: unknown) => {
      throw refusalIn(error) ?? error;
    });
    return withSizeCap(response, maxBytes);
  };
}

export const guardedFetch = createGuardedFetch();

/** A literal IP is never looked up, so the guard below would not see it; and nobody whom we fetch from gives one. */
function requireFetchable(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null) throw new RefusedAddressError('is no address');
  if (url.protocol !== 'https:') throw new RefusedAddressError('is not https');
  if (url.username !== '' || url.password !== '') throw new RefusedAddressError('names a user');
  if (url.port !== '') throw new RefusedAddressError('names another port than 443');
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0) throw new RefusedAddressError('names no host but an IP address');
  if (!host.includes('.')) throw new RefusedAddressError('names a host without a domain');
  return url;
}

/** In the two forms that a connection asks for: all addresses, or one of them. */
function publicLookup(resolve: ResolveName): LookupFunction {
  return (name, { all }, done) => {
    resolve(name, (error, addresses) => {
      const [first] = addresses;
      if (error !== null || first === undefined) {
        done(error ?? new Error('The name has no address'), '');
        return;
      }
      // One bad address is enough: an honest name has none.
      if (!addresses.every(({ address }) => isPublicAddress(address))) {
        done(new RefusedAddressError('leads to an address that is not public'), '');
        return;
      }
      if (all === true) done(null, [...addresses]);
      else done(null, first.address, first.family);
    });
  };
}

/** undici wraps what the lookup said. */
function refusalIn(error: unknown): RefusedAddressError | null {
  let cause = error;
  for (let depth = 0; cause instanceof Error && depth < 5; depth += 1) {
    if (cause instanceof RefusedAddressError) return cause;
    cause = cause.cause;
  }
  return null;
}

async function withSizeCap(response: Response, maxBytes: number): Promise<Response> {
  const tooLarge = () => new TooLargeAnswerError(`The answer is larger than ${maxBytes} bytes`);
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await response.body?.cancel();
    throw tooLarge();
  }
  if (response.body === null) return response;
  let received = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        received += chunk.byteLength;
        if (received > maxBytes) controller.error(tooLarge());
        else controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers } = response;
  return new Response(counted, { status, statusText, headers });
}
