import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { buildExtension } from '#test/simulator/storefront/extension-bundle.ts';
import { readExtensions } from '#test/simulator/storefront/extension-catalogue.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { mostDeflatedBytes } from './support/promised-sizes.ts';

const APP_URL = 'https://perennial.example.com';
const extensions = await readExtensions(join(PROJECT_DIR, 'extensions'));

describe.each(extensions)('the bundle of $handle', (extension) => {
  it('with all its targets is small', async () => {
    const script = await buildExtension(extension, APP_URL);
    const deflated = deflateSync(script).length;
    console.info(`${extension.handle}: ${script.length} characters, ${deflated} bytes deflated`);
    expect(deflated).toBeLessThan(mostDeflatedBytes(extension.handle));
    // In the admin Shopify itself leads a path to the app.
    const isOfAdmin = extension.targets.every(({ target }) => target.startsWith('admin.'));
    expect(script.includes(APP_URL)).toBe(!isOfAdmin);
  });
});

it('is looked at of every surface', () => {
  const surfaces = ['perennial-checkout', 'perennial-customer-card', 'perennial-loyalty-page', 'perennial-profile', 'perennial-segment-action', 'perennial-thank-you'];
  expect(extensions.map(({ handle }) => handle)).toEqual(expect.arrayContaining(surfaces));
});
