import { LandingPage } from '#app/components/landing-page.tsx';

/** Where the library sends whoever comes without a shop. Nobody types the name of a shop here: Shopify knows it. */
export default LandingPage;
