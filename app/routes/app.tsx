import type { HeadersFunction, LoaderFunctionArgs } from '@remix-run/node';
import { isRouteErrorResponse, Link, Outlet, useRouteError } from '@remix-run/react';
import { NavMenu } from '@shopify/app-bridge-react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { useTranslation } from 'react-i18next';

import { ProblemPage } from '#app/components/problem-page.tsx';
import { merchantContext } from '#app/context.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  await merchantContext(request);
  return null;
}

/** Each page lets the merchant in by itself. */
export function shouldRevalidate(): boolean {
  return false;
}

export default function App() {
  return (
    <>
      <AppNav />
      <Outlet />
    </>
  );
}

function AppNav() {
  const { t } = useTranslation('shell');
  return (
    <NavMenu>
      <Link to="/app" rel="home">
        {t('nav.overview')}
      </Link>
      <Link to="/app/offers">{t('nav.offers')}</Link>
      <Link to="/app/history">{t('nav.history')}</Link>
    </NavMenu>
  );
}

export function ErrorBoundary() {
  const error = useRouteError();
  // The library throws whole documents, answered with 200, to leave the frame or to fetch a token.
  if (isRouteErrorResponse(error) && error.status === 200) {
    return <div dangerouslySetInnerHTML={{ __html: String(error.data) }} />;
  }
  // One page that fails leaves the way to the others.
  return (
    <>
      <AppNav />
      <ProblemPage problem={isRouteErrorResponse(error) && error.status === 404 ? 'notFound' : 'failed'} />
    </>
  );
}

export const headers: HeadersFunction = (headersArgs) => boundary.headers(headersArgs);
