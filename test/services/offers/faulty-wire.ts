/** What happens to one request on its way to Shopify and back. */
export type Fault = 'request-lost' | 'answer-lost' | 'error-before' | 'error-after' | 'not-understood';

/**
 * Stands between the app and the local Shopify: each named GraphQL operation takes the next fault of its list, and none
 * once the list is used up. Counts what reached Shopify. What Shopify accepts and carries out later is done before
 * its answer is lost: `carriedOut` waits for it.
 */
export function installFaultyWire(carriedOut: () => Promise<void> = () => Promise.resolve()) {
  const direct = globalThis.fetch;
  const faults = new Map<string, (Fault | null)[]>();
  const arrived = new Map<string, number>();

  globalThis.fetch = async (input, init) => {
    const operation = operationOf(init?.body);
    if (operation === null) return direct(input, init);
    const fault = faults.get(operation)?.shift() ?? null;
    if (fault === 'request-lost') throw new TypeError('fetch failed');
    if (fault === 'error-before') return new Response('<html>Bad gateway</html>', { status: 502 });
    if (fault === 'not-understood') return Response.json({ errors: [{ message: 'Not understood' }] });
    arrived.set(operation, (arrived.get(operation) ?? 0) + 1);
    const answer = await direct(input, init);
    if (fault === null) return answer;
    await answer.text();
    await carriedOut();
    if (fault === 'answer-lost') throw new TypeError('fetch failed');
    return new Response('<html>Bad gateway</html>', { status: 502 });
  };
  return {
    /** Faults for the next requests of an operation, in order; null lets one through. */
    plan(operation: string, next: (Fault | null)[]): void {
      faults.set(operation, [...next]);
    },
    arrivedOf: (operation: string) => arrived.get(operation) ?? 0,
    reset(): void {
      faults.clear();
      arrived.clear();
    },
    remove(): void {
      globalThis.fetch = direct;
    },
  };
}

function operationOf(body: unknown): string | null {
  if (typeof body !== 'string') return null;
  return /"operationName":"(\w+)"/.exec(body)?.[1] ?? /(?:query|mutation) (\w+)/.exec(body)?.[1] ?? null;
}
