import type { HeadersFunction, LoaderFunctionArgs } from '@remix-run/node';
import { isRouteErrorResponse, Link, Outlet, useRouteError } from '@remix-run/react';
import { NavMenu } from '@shopify/app-bridge-react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { useContext } from 'react';
import { useTranslation } from 'react-i18next';

import { NonceContext } from '#app/components/nonce.ts';
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
      <Link to="/app/customers">{t('nav.customers')}</Link>
      <Link to="/app/segments">{t('nav.segments')}</Link>
      <Link to="/app/cohorts">{t('nav.cohorts')}</Link>
      <Link to="/app/products">{t('nav.products')}</Link>
      <Link to="/app/predictions">{t('nav.predictions')}</Link>
      <Link to="/app/loyalty">{t('nav.loyalty')}</Link>
      <Link to="/app/offers">{t('nav.offers')}</Link>
      <Link to="/app/texts">{t('nav.texts')}</Link>
      <Link to="/app/accounts">{t('nav.accounts')}</Link>
      <Link to="/app/history">{t('nav.history')}</Link>
      <Link to="/app/data-check">{t('nav.dataCheck')}</Link>
      <Link to="/app/settings/counting">{t('nav.counting')}</Link>
      <Link to="/app/privacy">{t('nav.privacy')}</Link>
    </NavMenu>
  );
}

export function ErrorBoundary() {
  const error = useRouteError();
  const nonce = useContext(NonceContext);
  // The library throws whole documents, answered with 200, to leave the frame or to fetch a token.
  if (isRouteErrorResponse(error) && error.status === 200) {
    const document = String(error.data).replaceAll('<script', `<script nonce="${nonce ?? ''}"`);
    return <div dangerouslySetInnerHTML={{ __html: document }} suppressHydrationWarning />;
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
