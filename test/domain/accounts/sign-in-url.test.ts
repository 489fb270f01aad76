import { expect, it } from 'vitest';

import { deriveSignInUrl } from '#app/domain/accounts/sign-in-url.ts';

it.each([
  ['https://shopify.com/7/account', null, 'https://shopify.com/7/account'],
  ['https://shopify.com/7/account', '0192-ab', 'https://shopify.com/7/account/pages/0192-ab'],
  ['https://account.example.com/', '0192-ab', 'https://account.example.com/pages/0192-ab'],
  ['https://shopify.com/7/account?locale=de&region_country=DE', '0192-ab', 'https://shopify.com/7/account/pages/0192-ab?locale=de&region_country=DE'],
  ['https://shopify.com/7/account', 'a/../b', 'https://shopify.com/7/account/pages/a%2F..%2Fb'],
])('the way into %s that ends at page %s is %s', (accountsUrl, pageId, url) => {
  expect(deriveSignInUrl(accountsUrl, pageId)).toBe(url);
});
