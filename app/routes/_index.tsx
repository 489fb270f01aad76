import { redirect } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { LandingPage } from '#app/components/landing-page.tsx';

/** Shopify opens the app's bare address with the shop and a token in its parameters. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  if (searchParams.has('shop')) throw redirect(`/app?${searchParams}`);
  return null;
}

export default LandingPage;
