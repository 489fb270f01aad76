import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

/*
 * Builds the extensions with Shopify's own CLI, in a copy: it writes into each extension's folder. Tests and benches use
 * its bundles when BUILT_PROJECT names that copy; without, they build with the options that the CLI gives to esbuild.
 */
const CLI = '@shopify/cli@4.8.2';
/** What the tests' copy of Perennial answers at; `shopper-stage.ts` looks for it in the bundles. */
const APP_URL = 'https://perennial.example.com';
const FOLDER = join(PROJECT_DIR, '.perennial', 'built-extensions');
const PARTS = ['extensions', 'app/contracts', 'package.json', 'shopify.app.toml', 'shopify.web.toml'];

rmSync(FOLDER, { recursive: true, force: true });
for (const part of PARTS) {
  mkdirSync(dirname(join(FOLDER, part)), { recursive: true });
  cpSync(join(PROJECT_DIR, part), join(FOLDER, part), { recursive: true, filter: (path) => !['node_modules', 'dist'].includes(basename(path)) });
}
const { status } = spawnSync('npx', ['--yes', CLI, 'app', 'build'], {
  cwd: FOLDER,
  stdio: ['ignore', 'inherit', 'inherit'],
  // The CLI wants the Node that the project brings, which may be newer than the one that started this.
  env: { ...process.env, APP_URL, CI: '1', SHOPIFY_CLI_NO_ANALYTICS: '1', PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) },
});
if (status === 0) console.log(`\nBuilt by ${CLI}. To try them: BUILT_PROJECT=${FOLDER} npm run test:long -- --row U1`);
process.exitCode = status ?? 1;
