import { json } from '@remix-run/node';
import type { LinksFunction, LoaderFunctionArgs } from '@remix-run/node';
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useRouteError,
  useRouteLoaderData,
} from '@remix-run/react';
import polarisStyles from '@shopify/polaris/build/esm/styles.css?url';
import { useContext } from 'react';
import type { ReactNode } from 'react';

import { NonceContext } from '#app/components/nonce.ts';
import { ProblemPage } from '#app/components/problem-page.tsx';
import { Providers } from '#app/components/providers.tsx';
import { env } from '#app/env.server.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { chooseAdminLocale } from '#app/i18n/languages.ts';

export const links: LinksFunction = () => [
  { rel: 'stylesheet', href: polarisStyles },
  { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' },
];

/** What every document needs, and nothing of a shop: this one answers before anybody is let in. */
export async function loader({ request }: LoaderFunctionArgs) {
  return json({ apiKey: env.SHOPIFY_API_KEY, appBridgeUrl: env.APP_BRIDGE_URL, locale: adminLocaleOf(request) });
}

/** The admin names the language in a document's address only: later moves inside the app must not lose it. */
export function shouldRevalidate(): boolean {
  return false;
}

export function Layout({ children }: { children: ReactNode }) {
  const setup = useRouteLoaderData<typeof loader>('root');
  const nonce = useContext(NonceContext);
  return (
    <html lang={setup?.locale.language ?? 'en'}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {setup ? (
          <>
            <meta name="shopify-api-key" content={setup.apiKey} />
            {/* First of the scripts and not deferred, as App Bridge asks for. */}
            <script src={setup.appBridgeUrl} data-api-key={setup.apiKey} nonce={nonce} suppressHydrationWarning />
          </>
        ) : null}
        <title>Perennial</title>
        <Meta />
        <Links />
      </head>
      <body>
        <main>{children}</main>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function Root() {
  const setup = useRouteLoaderData<typeof loader>('root');
  return (
    <Providers locale={setup?.locale ?? chooseAdminLocale([])} apiKey={setup?.apiKey ?? ''}>
      <Outlet />
    </Providers>
  );
}

export function ErrorBoundary() {
  const error = useRouteError();
  const setup = useRouteLoaderData<typeof loader>('root');
  const isMissing = isRouteErrorResponse(error) && error.status === 404;
  return (
    <Providers locale={setup?.locale ?? chooseAdminLocale([])} apiKey={setup?.apiKey ?? ''}>
      <ProblemPage problem={isMissing ? 'notFound' : 'failed'} />
    </Providers>
  );
}
