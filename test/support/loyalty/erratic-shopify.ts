import type { SeededRandom } from '#test/simulator/store/seeded-random.ts';

const FAULTS = ['request-lost', 'answer-lost', 'error-before', 'error-after', 'hang'] as const;
type Fault = (typeof FAULTS)[number];

/** Mutations that would give a reward, with what says which one; anything else is a look. */
const GIVES = /^(CreateCodeDiscount|CreateFreeShipping|CreditStoreCredit)$/;

export interface ErraticShopify {
  /** Mutations that were sent again although nobody had looked since the outcome became unknown. */
  readonly blindRepeats: number;
  readonly faults: number;
  readonly sent: number;
  /** From now on everything gets through. */
  calm(): void;
  remove(): void;
}

/** Between the app and the local Shopify: a share of all requests is lost on its way there or back. */
export function installErraticShopify(random: SeededRandom, share: number): ErraticShopify {
  const direct = globalThis.fetch;
  const unknown = new Set<string>();
  const state = { blindRepeats: 0, faults: 0, sent: 0, share };
  globalThis.fetch = async (input, init) => {
    const request = readRequest(init?.body);
    if (request === null) return direct(input, init);
    const { operation, subject, isGift } = request;
    if (isGift) {
      state.sent += 1;
      if (unknown.has(subject)) state.blindRepeats += 1;
      unknown.add(subject);
    }
    const fault = random.chance(state.share) ? random.pick(FAULTS) : null;
    if (fault !== null) state.faults += 1;
    const answer = await strike(fault, () => direct(input, init));
    // Whoever asked has an answer: the outcome of a gift is known, or a look has made it so.
    if (isGift) unknown.delete(subject);
    if (operation === 'RewardDiscountByCode' || operation === 'StoreCreditsOf') unknown.delete(subject);
    return answer;
  };
  return {
    get blindRepeats() {
      return state.blindRepeats;
    },
    get faults() {
      return state.faults;
    },
    get sent() {
      return state.sent;
    },
    calm: () => {
      state.share = 0;
    },
    remove: () => {
      globalThis.fetch = direct;
    },
  };
}

async function strike(fault: Fault | null, send: () => Promise<Response>): Promise<Response> {
  if (fault === 'request-lost') throw new TypeError('fetch failed');
  if (fault === 'error-before') throw new TypeError('answered 502 before it was done');
  const answer = await send();
  if (fault === null) return answer;
  await answer.text();
  // A deadline that passes looks like this to who waits, only later.
  if (fault === 'hang') throw new DOMException('The operation was aborted due to timeout', 'TimeoutError');
  if (fault === 'error-after') throw new TypeError('answered 502 after it was done');
  throw new TypeError('fetch failed');
}

interface Sent {
  operation: string;
  subject: string;
  isGift: boolean;
}

function readRequest(body: unknown): Sent | null {
  if (typeof body !== 'string') return null;
  const operation = /"operationName":"(\w+)"/.exec(body)?.[1] ?? /(?:query|mutation) (\w+)/.exec(body)?.[1];
  if (operation === undefined) return null;
  const customer = /gid:\/\/shopify\/Customer\/\d+/.exec(body)?.[0] ?? '';
  const code = /GIFT-[A-Z2-9]+/.exec(body)?.[0];
  return { operation, subject: code ?? customer, isGift: GIVES.test(operation) };
}
