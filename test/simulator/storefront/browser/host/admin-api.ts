import { tellPage } from './frame-messages.ts';
import type { HostAdmin, HostData } from './host-data.ts';
import { fetchSessionToken, i18n } from './standard-api.ts';

/** The global `shopify` of a block or an action in the merchant's admin. */
export function adminApi(data: HostData, { selectedId }: HostAdmin): Record<string, unknown> {
  const notImitated = (name: string) => async () => {
    throw new Error(`shopify.${name} is not imitated by the local Shopify.`);
  };
  return {
    extension: { target: data.target },
    auth: { idToken: () => idToken(data) },
    i18n: i18n(data),
    data: { selected: [{ id: selectedId }] },
    close: () => tellPage({ kind: 'closed' }),
    intents: {},
    navigation: { navigate: (address: string) => void window.open(address, '_top') },
    storage: {},
    query: notImitated('query'),
    picker: notImitated('picker'),
    resourcePicker: notImitated('resourcePicker'),
  };
}

/** In the admin a path leads to the app, and what is sent to the app carries a token of the member of staff. */
export function sendToApp(data: HostData, { appUrl }: HostAdmin): void {
  const plain = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, appUrl);
    if (url.origin !== new URL(appUrl).origin) return plain(input, init);
    const headers = new Headers(init?.headers);
    headers.set('Authorization', `Bearer ${await idToken(data)}`);
    return plain(url, { ...init, headers });
  };
}

/** By the whole address: a path would be taken for one of the app. */
function idToken({ tokenAddress }: HostData): Promise<string> {
  return fetchSessionToken(new URL(tokenAddress, location.origin).href);
}
