import { i18nOf } from './locale-words.ts';

/** A value that never changes, in the form of Shopify's signals. */
const still = (value: unknown) => ({ value, subscribe: () => () => {} });

/** Makes the tester's `shopify` speak an extension's English, give a token, and be no editor. */
export function setUpShopify(shopify: object, extension: string): void {
  const now: unknown = Reflect.get(shopify, 'extension');
  const localization: unknown = Reflect.get(shopify, 'localization');
  Object.assign(shopify, {
    extension: { ...Object(now), editor: undefined },
    i18n: i18nOf(extension),
    localization: { ...Object(localization), extensionLanguage: still({ isoCode: 'en' }), timezone: still('UTC') },
    sessionToken: { get: async () => 'the.session.token' },
  });
}

export { still };
