import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';

import { build } from 'esbuild';

import type { UiExtension } from './extension-catalogue.ts';

interface Bundled {
  code: string;
  inputs: string[];
  newestInputMs: number;
}

const bundles = new Map<string, Promise<Bundled>>();

/**
 * The script of an extension, built with the options that Shopify's CLI gives to esbuild, on the first request and
 * again after one of its sources has changed. Throws esbuild's own error when a source does not compile.
 */
export async function buildExtension(extension: UiExtension, appUrl: string): Promise<string> {
  const key = `${extension.folder} ${appUrl}`;
  const known = await bundles.get(key)?.catch(() => undefined);
  if (known && (await newestChangeMs(known.inputs)) === known.newestInputMs) return known.code;
  const bundling = bundle(extension, appUrl);
  bundles.set(key, bundling);
  return (await bundling).code;
}

/** What `shopify app build` has left in `dist/`. Throws when the extension has not been built. */
export function readBuiltExtension(extension: UiExtension): Promise<string> {
  return readFile(join(extension.folder, 'dist', `${extension.handle}.js`), 'utf8');
}

async function bundle(extension: UiExtension, appUrl: string): Promise<Bundled> {
  const imports = extension.targets.map(({ target, modulePath }, index) => {
    const path = JSON.stringify(`./${relative(extension.folder, modulePath)}`);
    return `import Target_${index} from ${path};shopify.extend('${target}', (...args) => Target_${index}(...args));`;
  });
  const result = await build({
    stdin: { contents: imports.join('\n'), resolveDir: extension.folder, loader: 'tsx' },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'iife',
    target: 'es6',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.esnext': 'ts', '.js': 'jsx' },
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.APP_URL': JSON.stringify(appUrl) },
    legalComments: 'none',
    logLevel: 'silent',
    absWorkingDir: extension.folder,
  });
  const inputs = Object.keys(result.metafile.inputs)
    .filter((path) => path !== '<stdin>')
    .map((path) => (isAbsolute(path) ? path : join(extension.folder, path)));
  return { code: result.outputFiles[0]?.text ?? '', inputs, newestInputMs: await newestChangeMs(inputs) };
}

async function newestChangeMs(paths: string[]): Promise<number> {
  const changes = await Promise.all(paths.map(async (path) => (await stat(path)).mtimeMs));
  return Math.max(0, ...changes);
}
