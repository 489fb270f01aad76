import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import { followUpsDone } from '#app/services/follow-ups.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { startSimulator, type RunningSimulator, type SimulatorOptions } from '#test/simulator/server.ts';
import { signSessionToken } from '#test/simulator/session-token.ts';
import type { SimStore } from '#test/simulator/state.ts';

/** A desktop browser: the library answers 410 to what looks like a robot. */
export const BROWSER_AGENT = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36';

export const TEST_APP = { clientId: 'perennial-test-client', clientSecret: 'perennial-test-secret' };

export interface AppUnderTest {
  running: RunningSimulator;
  ownerUrl: string;
  /** The environment of the app, for processes that a test starts itself. */
  env: Record<string, string>;
  /** As a merchant who opens the app for the first time, and after that, does. */
  install(domain: string): Promise<ShopContext>;
  openRequest(domain: string, path?: string): Request;
  stop(): Promise<void>;
}

interface AppUnderTestOptions extends Pick<SimulatorOptions, 'webhookPlan' | 'bulkObjectsPerSecond' | 'now'> {
  store: SimStore | SimStore[];
  /** Beside what the app needs anyway, or instead of it. */
  env?: Record<string, string>;
  /** Where the app finds its database instead, given where it is: behind a proxy, for one. */
  databaseVia?: (url: string) => Promise<string>;
}

/**
 * The app's own modules in this process, against a database of their own and a local Shopify over HTTP, webhooks
 * included. One to a test file: the app reads its environment once, when it is first imported.
 */
export async function startAppUnderTest({ store, env: ownEnv = {}, databaseVia, ...options }: AppUnderTestOptions): Promise<AppUnderTest> {
  const database = await createTestDatabase();
  const running = await startSimulator({
    store,
    app: { ...TEST_APP, handle: 'perennial', name: 'Perennial', tomlPath: 'shopify.app.toml' },
    webhookRetryDelaysMs: [20, 50, 100, 200],
    codeBatchDelayMs: 5,
    ...options,
  });
  const env = {
    DATABASE_URL: databaseVia ? await databaseVia(database.url) : database.url,
    SHOPIFY_API_KEY: TEST_APP.clientId,
    SHOPIFY_API_SECRET: TEST_APP.clientSecret,
    SHOPIFY_APP_URL: running.appFrontUrl,
    SCOPES: 'read_orders',
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    LOG_LEVEL: 'silent',
    SHOPIFY_SIM_ORIGIN: running.origin,
    ...ownEnv,
  };
  Object.assign(process.env, env);
  await import('#test/simulator/install.ts');
  const { merchantContext } = await import('#app/context.server.ts');
  const { pool, prisma } = await import('#app/db.server.ts');
  const webhooks = await serveWebhooks();
  running.setUpstream(webhooks.url);

  const openRequest = (domain: string, path = '/app') => {
    const host = Buffer.from(`admin.shopify.com/store/${domain.split('.')[0]}`).toString('base64');
    const query = new URLSearchParams({ embedded: '1', shop: domain, host, id_token: adminToken(running, domain) });
    const headers = { 'User-Agent': BROWSER_AGENT };
    return new Request(`${running.appFrontUrl}${path}?${query}`, { headers });
  };
  return {
    running,
    ownerUrl: database.ownerUrl,
    env,
    openRequest,
    install: (domain) => merchantContext(openRequest(domain)),
    stop: async () => {
      await followUpsDone();
      await running.close();
      await webhooks.close();
      await prisma.$disconnect();
      await pool.end();
      await database.drop();
    },
  };
}

function adminToken(running: RunningSimulator, domain: string): string {
  const nowSeconds = Math.floor(running.simulator.realNow().getTime() / 1000);
  return signSessionToken(
    {
      iss: `https://${domain}/admin`,
      dest: `https://${domain}`,
      aud: TEST_APP.clientId,
      sub: '1',
      exp: nowSeconds + 60,
      nbf: nowSeconds - 1,
      iat: nowSeconds,
      jti: randomBytes(8).toString('hex'),
      sid: 'test',
    },
    TEST_APP.clientSecret,
  );
}

/** The webhook routes, and what Flow calls, behind a socket, without the build that the browser tests need. */
async function serveWebhooks(): Promise<{ url: string; close: () => Promise<void> }> {
  const routes: Record<string, { action: (args: never) => Promise<Response> }> = {
    '/webhooks/orders': await import('#app/routes/webhooks.orders.ts'),
    '/webhooks/customers': await import('#app/routes/webhooks.customers.ts'),
    '/webhooks/app': await import('#app/routes/webhooks.app.ts'),
    '/webhooks/bulk-operations': await import('#app/routes/webhooks.bulk-operations.ts'),
    '/webhooks/compliance': await import('#app/routes/webhooks.compliance.ts'),
    '/flow/add-points': await import('#app/routes/flow.add-points.ts'),
  };
  const server = createServer((incoming, outgoing) => {
    const answer = async () => {
      const route = routes[incoming.url ?? ''];
      if (!route) return new Response(null, { status: 404 });
      return route.action({ request: await toRequest(incoming), params: {}, context: {} } as never);
    };
    answer().then(
      async (response) => outgoing.writeHead(response.status).end(await response.text()),
      () => outgoing.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
  return new Request(`http://app${incoming.url}`, { method: 'POST', headers, body: Buffer.concat(chunks) });
}
