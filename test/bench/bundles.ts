import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';

import { MOST_STOREFRONT_BYTES, mostDeflatedBytes } from '#test/extensions/support/promised-sizes.ts';
import { buildExtension, readBuiltExtension } from '#test/simulator/storefront/extension-bundle.ts';
import { readExtensions } from '#test/simulator/storefront/extension-catalogue.ts';
import { readThemeExtensions } from '#test/simulator/storefront/theme/theme-extension.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { sayClaims, sayTable } from './bench.ts';
import type { Bench, BenchOptions, BenchOutcome } from './bench.ts';

const APP_URL = 'https://perennial.example.com';

interface Size {
  name: string;
  plainBytes: number;
  compressedBytes: number;
  mostBytes: number;
}

/**
 * What shoppers load of ours. The scripts of UI extensions as `shopify app build` makes them: out of the folder that
 * BUILT_PROJECT names, where that ran, else from the same esbuild with the options that Shopify's CLI gives to it.
 */
export const bundles: Bench = {
  name: 'bundles',
  rival: 'the promise for each surface',
  claim: 'what a shopper loads: thank-you under 15 KB, checkout under 20, the full page under 40, the storefront under 10, compressed',
  run,
};

async function run({ say }: BenchOptions): Promise<BenchOutcome> {
  const builtProject = process.env['BUILT_PROJECT'];
  const extensionsFolder = join(builtProject ?? PROJECT_DIR, 'extensions');
  say(builtProject === undefined ? 'built here with the options of Shopify’s CLI; deflated, the storefront gzipped' : `built by Shopify’s CLI, in ${builtProject}`);
  const sizes: Size[] = [];
  for (const extension of await readExtensions(extensionsFolder)) {
    const script = Buffer.from(builtProject === undefined ? await buildExtension(extension, APP_URL) : await readBuiltExtension(extension));
    sizes.push({ name: extension.handle, plainBytes: script.length, compressedBytes: deflateSync(script).length, mostBytes: mostDeflatedBytes(extension.handle) });
  }
  for (const { handle, folder } of await readThemeExtensions(extensionsFolder)) sizes.push(sizeOfAssets(handle, join(folder, 'assets')));
  sayTable(
    [['bytes', 'plain', 'compressed', 'promised'], ...sizes.map(({ name, plainBytes, compressedBytes, mostBytes }) => [name, ...[plainBytes, compressedBytes, mostBytes].map((bytes) => bytes.toLocaleString('en'))])],
    say,
  );
  const isKept = sayClaims(
    sizes.map(({ name, compressedBytes, mostBytes }) => ({
      text: `${name} under ${mostBytes / 1024} KB: ${(compressedBytes / 1024).toFixed(1)}`,
      isKept: compressedBytes < mostBytes,
    })),
    say,
  );
  return { ratio: Math.min(...sizes.map(({ compressedBytes, mostBytes }) => mostBytes / compressedBytes)), isKept };
}

function sizeOfAssets(handle: string, folder: string): Size {
  const files = readdirSync(folder).map((file) => readFileSync(join(folder, file)));
  return {
    name: handle,
    plainBytes: files.reduce((sum, { length }) => sum + length, 0),
    compressedBytes: files.reduce((sum, file) => sum + gzipSync(file).length, 0),
    mostBytes: MOST_STOREFRONT_BYTES,
  };
}
