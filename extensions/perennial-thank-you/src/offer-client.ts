import type { NextOrderOffer, NextOrderOfferReady } from '../../../app/contracts/next-order-offer.ts';

/** Everything from outside, so that a test can turn the clock. */
export interface OfferClient {
  /** Of the app, without a path. */
  address: string;
  orderId: string;
  getSessionToken: () => Promise<string>;
  fetch: (url: string, init: { headers: Record<string, string>; signal: AbortSignal }) => Promise<Response>;
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  nowMs: () => number;
  /** Ends everything, at once and quietly. */
  signal: AbortSignal;
  /** The app has promised a code that is not made yet: told once, at the first answer that says so. */
  onPromised: () => void;
}

// An order reaches the app within seconds. A buyer does not watch this page for a minute.
const PATIENCE_MS = 45_000;
const REQUEST_DEADLINE_MS = 8000;
const SHORTEST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5000;
const WAIT_GROWTH = 1.4;
// Four questions in four seconds: long enough for a server that is being replaced.
const MAX_TROUBLES = 4;
const TROUBLE_WAIT_GROWTH = 3;

/** The offer of this order, or null: there is none, or nothing more is to be learnt. Never throws. */
export async function fetchOffer(client: OfferClient): Promise<NextOrderOfferReady | null> {
  const untilMs = client.nowMs() + PATIENCE_MS;
  let waitMs = SHORTEST_WAIT_MS;
  let troubles = 0;
  let isPromised = false;
  try {
    while (!client.signal.aborted && client.nowMs() < untilMs) {
      const answer = await ask(client);
      let growth = WAIT_GROWTH;
      if (answer === 'refused') return null;
      if (answer === 'trouble') {
        troubles += 1;
        if (troubles >= MAX_TROUBLES) return null;
        growth = TROUBLE_WAIT_GROWTH;
      } else if (answer.state === 'ready') {
        return answer;
      } else if (answer.state !== 'pending') {
        return null;
      } else {
        troubles = 0;
        waitMs = Math.max(waitMs, Math.min(Number(answer.retryAfterMs) || 0, LONGEST_WAIT_MS));
        if (answer.isPromised === true && !isPromised) {
          isPromised = true;
          client.onPromised();
        }
      }
      await client.wait(waitMs, client.signal);
      waitMs = Math.min(waitMs * growth, LONGEST_WAIT_MS);
    }
  } catch {
    // No session token in an unsaved checkout editor, or the page is gone: there is nothing to show.
  }
  return null;
}

/** One question. `refused` will be refused again; `trouble` may pass. */
async function ask(client: OfferClient): Promise<NextOrderOffer | 'refused' | 'trouble'> {
  const token = await client.getSessionToken();
  const deadline = new AbortController();
  const stop = () => deadline.abort();
  client.signal.addEventListener('abort', stop);
  const timer = setTimeout(stop, REQUEST_DEADLINE_MS);
  try {
    const url = `${client.address}/api/checkout/next-order-offer?orderId=${encodeURIComponent(client.orderId)}`;
    const response = await client.fetch(url, { headers: { Authorization: `Bearer ${token}` }, signal: deadline.signal });
    if (response.ok) return readOffer(await response.json());
    // A token lives for five minutes and is fetched anew each time, so a 401 may have been a clock that is behind.
    return response.status >= 500 || response.status === 429 || response.status === 401 ? 'trouble' : 'refused';
  } catch {
    return 'trouble';
  } finally {
    clearTimeout(timer);
    client.signal.removeEventListener('abort', stop);
  }
}

/** Only what every version of the contract promises is asked for; a field that came later may be missing. */
function readOffer(body: unknown): NextOrderOffer | 'refused' {
  if (!isRecord(body)) return 'refused';
  if (body.state === 'pending') {
    return { state: 'pending', retryAfterMs: Number(body.retryAfterMs) || 0, isPromised: body.isPromised === true };
  }
  if (body.state !== 'ready') return { state: 'none' };
  const { code, percentBasisPoints, endsAt, minimumSubtotal } = body;
  if (typeof code !== 'string' || code === '' || typeof percentBasisPoints !== 'number' || typeof endsAt !== 'string') {
    return 'refused';
  }
  return {
    state: 'ready',
    code,
    percentBasisPoints,
    endsAt,
    minimumSubtotal: readAmount(minimumSubtotal),
    isPersonal: body.isPersonal === true,
  };
}

function readAmount(value: unknown): NextOrderOfferReady['minimumSubtotal'] {
  if (!isRecord(value)) return null;
  const { amountMinor, currency, decimals } = value;
  if (typeof amountMinor !== 'number' || typeof currency !== 'string') return null;
  return { amountMinor, currency, decimals: typeof decimals === 'number' ? decimals : 2 };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
