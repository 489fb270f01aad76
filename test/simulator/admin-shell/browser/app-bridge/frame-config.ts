/** What App Bridge knows about where it runs; `shopify.config` for the app. */
export interface FrameConfig {
  apiKey: string;
  shop: string;
  host: string;
  locale: string;
}

const STORED_AS = 'local-app-bridge-config';

/** Parameters that belong to the frame, not to the app's own address. */
const FRAME_PARAMS = [
  'hmac',
  'locale',
  'session',
  'id_token',
  'shop',
  'timestamp',
  'host',
  'embedded',
  'appLoadId',
  'protocol',
];

/**
 * Reads shop, host and locale from the frame's first address and remembers them, since the app's own navigation drops
 * them; the API key comes with each document, from the script tag or a meta tag.
 */
export function readFrameConfig(script: HTMLScriptElement | null): FrameConfig {
  const params = new URLSearchParams(location.search);
  const remembered = readRemembered();
  const config = {
    apiKey:
      script?.dataset.apiKey ??
      document.querySelector<HTMLMetaElement>('meta[name="shopify-api-key"]')?.content ??
      params.get('apiKey') ??
      '',
    shop: params.get('shop') ?? remembered.get('shop') ?? '',
    host: params.get('host') ?? remembered.get('host') ?? '',
    locale: params.get('locale') ?? remembered.get('locale') ?? 'en',
  };
  if (config.apiKey === '') {
    console.error('App Bridge: no API key. Give data-api-key to the script or add <meta name="shopify-api-key">.');
  }
  const { shop, host, locale } = config;
  sessionStorage.setItem(STORED_AS, new URLSearchParams({ shop, host, locale }).toString());
  return config;
}

/** The app's address as the admin shows it: path, query without the frame's own parameters, and fragment. */
export function ownPath(url: URL | Location): string {
  const params = new URLSearchParams(url.search);
  for (const name of FRAME_PARAMS) params.delete(name);
  const query = params.toString();
  return url.pathname + (query === '' ? '' : `?${query}`) + url.hash;
}

function readRemembered(): URLSearchParams {
  return new URLSearchParams(sessionStorage.getItem(STORED_AS) ?? '');
}
