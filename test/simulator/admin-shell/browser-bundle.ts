import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

interface Bundled {
  code: string;
  /** Newest change of any file that went into the bundle, in milliseconds since the epoch. */
  newestInputMs: number;
  inputs: string[];
}

const bundles = new Map<string, Promise<Bundled>>();

/**
 * Bundles a TypeScript file for the browser on its first request, and again after one of its sources has changed.
 * Throws esbuild's own error when a source does not compile.
 */
export async function browserBundle(entry: URL): Promise<string> {
  const path = fileURLToPath(entry);
  const known = await bundles.get(path)?.catch(() => undefined);
  if (known && (await newestChangeMs(known.inputs)) === known.newestInputMs) return known.code;
  const bundling = bundle(path);
  bundles.set(path, bundling);
  return (await bundling).code;
}

async function bundle(path: string): Promise<Bundled> {
  const result = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'silent',
  });
  const inputs = Object.keys(result.metafile.inputs);
  return { code: result.outputFiles[0]?.text ?? '', inputs, newestInputMs: await newestChangeMs(inputs) };
}

async function newestChangeMs(paths: string[]): Promise<number> {
  const changes = await Promise.all(paths.map(async (path) => (await stat(path)).mtimeMs));
  return Math.max(0, ...changes);
}
