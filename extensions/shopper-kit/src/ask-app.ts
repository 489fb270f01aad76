/** Everything from outside, so that a test can turn the clock. */
export interface AppConnection {
  /** Of the app, without a path. */
  address: string;
  getSessionToken: () => Promise<string>;
  fetch: (url: string, init: AppRequest) => Promise<Response>;
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  nowMs: () => number;
  /** Ends everything, at once and quietly. */
  signal: AbortSignal;
}

export interface AppRequest {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

/** `refused` will be refused again; `trouble` may pass; `no-token`: Shopify does not say who asks, so nobody may. */
export type Reply = { kind: 'answer'; body: unknown } | { kind: 'refused'; status: number } | { kind: 'trouble' } | { kind: 'no-token' };

const REQUEST_DEADLINE_MS = 8000;

/** One question, with a session token of its own. Never throws. */
export async function askApp(app: AppConnection, path: string, body?: object): Promise<Reply> {
  let token: string;
  try {
    token = await app.getSessionToken();
  } catch {
    return { kind: 'no-token' };
  }
  const deadline = new AbortController();
  const stop = () => deadline.abort();
  app.signal.addEventListener('abort', stop);
  const timer = setTimeout(stop, REQUEST_DEADLINE_MS);
  try {
    const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const response = await app.fetch(app.address + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: deadline.signal,
    });
    if (response.ok) return { kind: 'answer', body: await response.json() };
    // A token lives for five minutes and is fetched anew each time, so a 401 may have been a clock that is behind.
    const mayPass = response.status >= 500 || response.status === 429 || response.status === 401;
    return mayPass ? { kind: 'trouble' } : { kind: 'refused', status: response.status };
  } catch {
    return { kind: 'trouble' };
  } finally {
    clearTimeout(timer);
    app.signal.removeEventListener('abort', stop);
  }
}
