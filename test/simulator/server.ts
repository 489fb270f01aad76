import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { adminShellRoutes } from './admin-shell/routes.ts';
import { adminGraphqlRoutes } from './admin-graphql/route.ts';
import { appFront } from './app-front.ts';
import { appProxyRoutes } from './app-proxy.ts';
import { emptyAppConfig, loadAppConfig, type AppConfig } from './app-toml.ts';
import { loadFlowExtensions } from './flow.ts';
import { bulkFileRoutes } from './bulk/bulk-files.ts';
import { controlRoutes } from './control.ts';
import type { FaultPlan } from './faults/fault-rules.ts';
import { faultControlRoutes } from './faults/fault-control.ts';
import { Journal } from './journal.ts';
import { oauthRoutes } from './oauth.ts';
import { Platform } from './platform.ts';
import { storeLines } from './shop-store.ts';
import type { SimStore } from './state.ts';
import { storefrontRoutes } from './storefront/routes.ts';
import { defaultRetryDelaysMs, type DeliveryPlan } from './webhooks.ts';

type Stores = SimStore | SimStore[];

export interface SimulatorAppOptions {
  clientId: string;
  clientSecret: string;
  handle: string;
  name: string;
  /** Where the app's web process listens; may come later through `setUpstream`. */
  upstreamUrl?: string;
  /** `shopify.app.toml`: scopes, webhooks and the app proxy are read from it. */
  tomlPath?: string;
  /** Instead of a toml, in tests. */
  config?: AppConfig;
}

export interface SimulatorOptions {
  /** Of the Shopify side; 0 takes any free one. */
  port?: number;
  /** Of the front through which browsers and webhooks reach the app; 0 takes any free one. */
  appFrontPort?: number;
  /** A function is called only when the data directory does not hold a store already. */
  store: Stores | (() => Stores | Promise<Stores>);
  /** Remembers everything there; without it a restart forgets. */
  dataDir?: string;
  app: SimulatorAppOptions;
  webhookRetryDelaysMs?: readonly number[];
  webhookPlan?: DeliveryPlan;
  /** How long `discountRedeemCodeBulkAdd` takes. */
  codeBatchDelayMs?: number;
  /** Slows bulk operations down so that progress can be watched; unlimited when absent. */
  bulkObjectsPerSecond?: number;
  /** What goes wrong from the start; `simulator.faults` changes it later. */
  faults?: FaultPlan;
  now?: () => Date;
  /** The folder with `shopify.app.toml` and `extensions/`, for the pages that show them; this checkout by default. */
  projectFolder?: string;
  /** Serves extension bundles as `shopify app build` left them, instead of building them here. */
  usesBuiltExtensions?: boolean;
}

export interface RunningSimulator {
  /** `http://localhost:4000` */
  origin: string;
  appFrontUrl: string;
  simulator: Platform;
  setUpstream(url: string): void;
  close(): Promise<void>;
}

const redactionCheckMs = 30_000;

/** Starts the local Shopify and the front of the app, both on the loopback interface. */
export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  let upstreamUrl = options.app.upstreamUrl ?? null;
  const temporaryDir = options.dataDir === undefined ? mkdtempSync(join(tmpdir(), 'local-shopify-')) : null;
  const shopify = await listen(options.port ?? 0);
  const front = await listen(options.appFrontPort ?? 0);
  front.setListener(appFront({ upstream: () => upstreamUrl, shellOrigin: () => shopify.url }));

  const journal = options.dataDir === undefined ? null : new Journal(options.dataDir);
  const { tomlPath } = options.app;
  const platform = new Platform({
    origin: shopify.url,
    app: {
      clientId: options.app.clientId,
      clientSecret: options.app.clientSecret,
      handle: options.app.handle,
      name: options.app.name,
      publicUrl: front.url,
    },
    flowExtensions: tomlPath === undefined ? [] : loadFlowExtensions(tomlPath),
    config: options.app.config ?? (tomlPath === undefined ? emptyAppConfig : await loadAppConfig(tomlPath)),
    journal,
    filesDirectory: options.dataDir ?? temporaryDir ?? tmpdir(),
    webhookRetryDelaysMs: options.webhookRetryDelaysMs ?? defaultRetryDelaysMs,
    ...(options.webhookPlan ? { webhookPlan: options.webhookPlan } : {}),
    codeBatchDelayMs: options.codeBatchDelayMs ?? 50,
    ...(options.bulkObjectsPerSecond === undefined ? {} : { bulkObjectsPerSecond: options.bulkObjectsPerSecond }),
    realNow: options.now ?? (() => new Date()),
  });
  if (options.faults) platform.faults.set(options.faults);
  await fillStores(platform, journal, options.store);
  shopify.setListener(getRequestListener(shopifyApp(platform, options).fetch));
  platform.resume();
  const redactions = setInterval(() => platform.sendDueRedactions(), redactionCheckMs);
  redactions.unref();

  return {
    origin: shopify.url,
    appFrontUrl: front.url,
    simulator: platform,
    setUpstream(url) {
      upstreamUrl = url;
    },
    async close() {
      clearInterval(redactions);
      await Promise.all([shopify.close(), front.close()]);
      await platform.close();
      if (temporaryDir !== null) rmSync(temporaryDir, { recursive: true, force: true });
    },
  };
}

async function fillStores(
  platform: Platform,
  journal: Journal | null,
  store: SimulatorOptions['store'],
): Promise<void> {
  if (!journal?.holdsStore()) {
    const made = typeof store === 'function' ? await store() : store;
    const stores = Array.isArray(made) ? made : [made];
    if (!journal) {
      for (const each of stores) platform.addStore(each);
      return;
    }
    journal.writeStore(linesOf(stores));
  }
  await platform.restore();
}

function* linesOf(stores: readonly SimStore[]): ReturnType<typeof storeLines> {
  for (const store of stores) yield* storeLines(store);
}

function shopifyApp(platform: Platform, options: SimulatorOptions): Hono {
  const folder = options.projectFolder === undefined ? {} : { projectFolder: options.projectFolder };
  const app = new Hono();
  app.get('/', (context) => {
    const [domain = ''] = platform.shops.keys();
    return context.redirect(`/store/${domain.split('.')[0] ?? ''}`);
  });
  app.route('/', oauthRoutes(platform));
  app.route('/', adminGraphqlRoutes(platform));
  app.route('/', bulkFileRoutes(platform));
  app.route('/', controlRoutes(platform));
  app.route('/', faultControlRoutes(platform));
  app.route('/', appProxyRoutes(platform));
  app.route('/', adminShellRoutes(platform, folder));
  app.route('/', storefrontRoutes(platform, { ...folder, usesBuiltExtensions: options.usesBuiltExtensions ?? false }));
  return app;
}

interface Listener {
  url: string;
  setListener(listener: RequestListener): void;
  close(): Promise<void>;
}

/** Opens the port before there is anything to serve, because the addresses are part of what is served. */
async function listen(port: number): Promise<Listener> {
  let listener: RequestListener = (_request, response) => {
    response.writeHead(503, { 'Retry-After': '1' });
    response.end();
  };
  const server = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://localhost:${addressOf(server).port}`,
    setListener(next) {
      listener = next;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The local Shopify has no port.');
  return address;
}
