/**
 * What a buyer on a phone waits for: the script of an extension with all its targets, deflated. Shopify refuses more than
 * 64 KB at deploy; ours are to stay far below.
 */
const MOST_DEFLATED_BYTES: Readonly<Record<string, number>> = { 'perennial-thank-you': 15 * 1024, 'perennial-loyalty-page': 40 * 1024 };
const MOST_OF_OTHERS = 20 * 1024;

export function mostDeflatedBytes(extension: string): number {
  return MOST_DEFLATED_BYTES[extension] ?? MOST_OF_OTHERS;
}

/** Of everything that a page of the store loads of ours, compressed. */
export const MOST_STOREFRONT_BYTES = 10 * 1024;
