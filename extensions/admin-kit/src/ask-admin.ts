/** `refused` will be refused again; `trouble` may pass. */
export type Reply = { kind: 'answer'; body: unknown } | { kind: 'refused'; status: number } | { kind: 'trouble' };

interface Question {
  /** Posted as JSON; left out to read. */
  body?: object;
  /** Ends the question when its page does. */
  signal: AbortSignal;
}

const DEADLINE_MS = 15_000;

/**
 * One question to the app. In Shopify's admin a path leads to the app's own address, with a token of the member of staff
 * that Shopify adds. Never throws.
 */
export async function askAdmin(path: string, { body, signal }: Question): Promise<Reply> {
  const deadline = new AbortController();
  const stop = () => deadline.abort();
  signal.addEventListener('abort', stop);
  const timer = setTimeout(stop, DEADLINE_MS);
  try {
    const posted = body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(path, { ...posted, signal: deadline.signal });
    if (response.ok) return { kind: 'answer', body: await response.json() };
    // A token lives for a minute and is a new one each time, so a 401 may have been a clock that is behind.
    const mayPass = response.status >= 500 || response.status === 429 || response.status === 401;
    return mayPass ? { kind: 'trouble' } : { kind: 'refused', status: response.status };
  } catch {
    return { kind: 'trouble' };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/** Ends early, and quietly, when the page does. */
export function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
