import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig } from 'vite';
import type { ServerOptions } from 'vite';

export default defineConfig({
  plugins: [
    remix({
      ignoredRouteFiles: ['**/.*'],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_lazyRouteDiscovery: false,
        // App Bridge replays a refused data request with a new session token, which single fetch does not let it do.
        v3_singleFetch: false,
      },
    }),
  ],
  server: developmentServer(process.env),
  // Polaris is CommonJS beside ES modules and imports JSON: bundled, it needs no help from the loader of Node.
  ssr: { noExternal: ['@shopify/polaris', '@shopify/polaris-icons', '@shopify/shopify-app-remix', '@shopify/app-bridge-react'] },
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 1000 },
  optimizeDeps: { include: ['@shopify/app-bridge-react', '@shopify/polaris'] },
});

/** `shopify app dev` puts a tunnel before the server and names its address in HOST. */
function developmentServer({ HOST, PORT, FRONTEND_PORT }: NodeJS.ProcessEnv): ServerOptions {
  const port = PORT === undefined ? undefined : Number(PORT);
  if (HOST === undefined) return port === undefined ? {} : { port };
  const { hostname } = new URL(HOST);
  return {
    ...(port === undefined ? {} : { port }),
    allowedHosts: [hostname],
    hmr:
      hostname === 'localhost'
        ? { protocol: 'ws', host: 'localhost', port: 64_999 }
        : { protocol: 'wss', host: hostname, port: Number(FRONTEND_PORT ?? 8002), clientPort: 443 },
  };
}
