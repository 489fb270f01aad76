import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { deflateSync } from 'node:zlib';

import { build } from 'esbuild';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';

/** Shopify refuses more than 64 KB at deploy. Ours are to stay far below: a buyer on a phone is waiting. */
const MOST_DEFLATED_BYTES: Record<string, number> = { 'perennial-thank-you': 15 * 1024, 'perennial-loyalty-page': 40 * 1024 };
const MOST_OF_OTHERS = 20 * 1024;

/** What Shopify CLI 4.8.2 gives to esbuild for a UI extension, with the address of the app as `app dev` defines it. */
async function bundle(folder: string, targets: Targeting[]): Promise<Uint8Array> {
  const contents = targets
    .map(({ target, module }, index) => `import T${index} from '${module}';shopify.extend('${target}', (...args) => T${index}(...args));`)
    .join('');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: resolve(folder), loader: 'tsx' },
    absWorkingDir: resolve(folder),
    tsconfig: resolve(folder, 'tsconfig.json'),
    bundle: true,
    minify: true,
    write: false,
    target: 'es6',
    jsx: 'automatic',
    legalComments: 'none',
    loader: { '.esnext': 'ts', '.js': 'jsx' },
    resolveExtensions: ['.tsx', '.ts', '.js', '.json', '.esnext', '.mjs', '.ejs'],
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.APP_URL': '"https://perennial.example.com"',
    },
    logLevel: 'error',
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error(`${folder} gave no script`);
  return script.contents;
}

interface Targeting {
  target: string;
  module: string;
}

function targetsOf(folder: string): Targeting[] {
  const toml: unknown = parse(readFileSync(join(folder, 'shopify.extension.toml'), 'utf8'));
  const extensions: unknown = Reflect.get(Object(toml), 'extensions');
  return (Array.isArray(extensions) ? extensions : [])
    .filter((extension) => Reflect.get(Object(extension), 'type') === 'ui_extension')
    .flatMap((extension) => Reflect.get(Object(extension), 'targeting'));
}

const folders = readdirSync('extensions')
  .map((name) => join('extensions', name))
  .filter((folder) => existsSync(join(folder, 'shopify.extension.toml')) && targetsOf(folder).length > 0);

describe.each(folders)('the bundle of %s', (folder) => {
  it('with all its targets is small', async () => {
    const script = await bundle(folder, targetsOf(folder));
    const deflated = deflateSync(script).length;
    console.info(`${folder}: ${script.length} bytes, ${deflated} deflated`);
    expect(deflated).toBeLessThan(MOST_DEFLATED_BYTES[basename(folder)] ?? MOST_OF_OTHERS);
    expect(Buffer.from(script).toString('utf8')).toContain('https://perennial.example.com');
  });
});
