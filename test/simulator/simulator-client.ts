import { signSessionToken } from './session-token.ts';
import { startSimulator, type RunningSimulator, type SimulatorOptions } from './server.ts';

export const testApp = { clientId: 'test-client', clientSecret: 'test-secret', handle: 'perennial', name: 'Perennial' };

/** A simulator for one test, with quick webhooks; close it in `afterEach`. */
export function startTestSimulator(
  options: Partial<Omit<SimulatorOptions, 'app'>> &
    Pick<SimulatorOptions, 'store'> & { app?: Partial<SimulatorOptions['app']> },
): Promise<RunningSimulator> {
  return startSimulator({
    webhookRetryDelaysMs: [10, 10, 10],
    codeBatchDelayMs: 5,
    ...options,
    app: { ...testApp, ...options.app },
  });
}

export interface JsonAnswer {
  status: number;
  body: Record<string, unknown>;
}

export async function postJson(url: string, body: unknown, headers: Record<string, string> = {}): Promise<JsonAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const json: unknown = await response.json();
  return { status: response.status, body: typeof json === 'object' && json !== null ? { ...json } : {} };
}

/** Trades a session token, as App Bridge would make it, for an access token. */
export function exchangeToken(
  running: RunningSimulator,
  shop: string,
  overrides: { claims?: Record<string, unknown>; secret?: string; form?: Record<string, unknown> } = {},
): Promise<JsonAnswer> {
  const nowSeconds = Math.floor(running.simulator.realNow().getTime() / 1000);
  const claims = {
    iss: `https://${shop}/admin`,
    dest: `https://${shop}`,
    aud: testApp.clientId,
    sub: '42',
    exp: nowSeconds + 60,
    nbf: nowSeconds,
    ...overrides.claims,
  };
  return postJson(`${running.origin}/admin/oauth/access_token`, {
    client_id: testApp.clientId,
    client_secret: testApp.clientSecret,
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: signSessionToken(claims, overrides.secret ?? testApp.clientSecret),
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    requested_token_type: 'urn:shopify:params:oauth:token-type:offline-access-token',
    expiring: '1',
    ...overrides.form,
  });
}

/** Installs the app and gives a function that asks the Admin API with the token. */
export async function installAndQuery(
  running: RunningSimulator,
  shop: string,
): Promise<(query: string, variables?: Record<string, unknown>) => Promise<JsonAnswer>> {
  const { body } = await exchangeToken(running, shop);
  const token = String(body['access_token']);
  return (query, variables = {}) =>
    postJson(
      `${running.origin}/admin/api/2026-10/graphql.json`,
      { query, variables },
      { 'X-Shopify-Access-Token': token, 'x-sim-shop': shop },
    );
}

/** Follows keys and list positions into an answer: `at(body, 'data', 'orders', 'nodes', 0, 'id')`. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 25;

/**
 * Asks again until the answer satisfies, ever less often, or fails after the deadline. That is there to end a test that
 * waits in vain and to say for what: how soon something came is for the test to judge.
 */
export async function until<Value>(
  ask: () => Value | Promise<Value>,
  isGood: (value: Value) => boolean,
  timeoutMs = 15_000,
): Promise<Value> {
  const deadlineMs = performance.now() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.2)) {
    const value = await ask();
    if (isGood(value)) return value;
    if (performance.now() > deadlineMs) throw new Error(`Still not so after ${timeoutMs} ms: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
