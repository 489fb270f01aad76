import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { z } from 'zod';
import { LOCK_FILE } from './lock.ts';
import { UsageError } from './usage-error.ts';

/** Marks a folder as ours, so that `--fresh` never deletes anything else. */
const SETTINGS_FILE = 'perennial-demo.json';

const storeSourceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('generated'),
    orders: z.number(),
    timeZone: z.string().optional(),
    currency: z.string().optional(),
    /** ISO instant; the day of the first start, so that a store does not grow between two. */
    asOf: z.string(),
  }),
  z.object({
    kind: z.literal('orders-export'),
    fileName: z.string(),
    sha256: z.string(),
    timeZone: z.string().optional(),
    currency: z.string().optional(),
  }),
]);

const settingsSchema = z.object({
  clientId: z.string(),
  clientSecret: z.string(),
  /** As in ENCRYPTION_KEYS. */
  encryptionKeys: z.string(),
  source: storeSourceSchema,
});

/** What the store was made from. */
export type StoreSource = z.infer<typeof storeSourceSchema>;
/** What must stay the same from one start to the next. */
export type DemoSettings = z.infer<typeof settingsSchema>;

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Each export gets a folder of its own, so that going from one to another and back loses nothing. */
export function defaultDataDir(source: StoreSource): string {
  const folder = join(PROJECT_DIR, '.perennial');
  if (source.kind === 'generated') return join(folder, 'demo');
  const slug = basename(source.fileName)
    .replace(/\.csv(\.gz)?$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  return join(folder, `demo-${slug}-${source.sha256.slice(0, 8)}`);
}

/** @throws UsageError when the folder holds something that is not ours */
export function requireUsableFolder(dataDir: string): void {
  if (!existsSync(dataDir) || existsSync(join(dataDir, SETTINGS_FILE))) return;
  if (!statSync(dataDir).isDirectory()) throw new UsageError(`--data: ${dataDir} is not a folder.`);
  const foreign = readdirSync(dataDir).filter((name) => name !== LOCK_FILE);
  if (foreign.length > 0) {
    throw new UsageError(`--data: ${dataDir} holds other things (${foreign.slice(0, 3).join(', ')}). Name an empty or a new folder.`);
  }
}

/** Empties a folder that carries our marker, but for the lock that the caller holds. */
export function emptyDataDir(dataDir: string): void {
  if (!existsSync(join(dataDir, SETTINGS_FILE))) return;
  const rest = readdirSync(dataDir).filter((name) => name !== LOCK_FILE && name !== SETTINGS_FILE);
  // The marker goes last: an emptying that is cut short can be taken up again.
  for (const name of [...rest, SETTINGS_FILE]) rmSync(join(dataDir, name), { recursive: true, force: true });
}

/**
 * The settings of an earlier start, or new ones.
 *
 * @param wanted what the flags ask for; values not given are taken from the earlier start
 * @throws UsageError when the folder holds another store than the one asked for
 */
export function loadSettings(dataDir: string, wanted: StoreSource, given: { ordersCount: boolean }): DemoSettings {
  const file = join(dataDir, SETTINGS_FILE);
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    const settings: DemoSettings = {
      clientId: randomBytes(16).toString('hex'),
      clientSecret: randomBytes(24).toString('hex'),
      encryptionKeys: `1:${randomBytes(32).toString('base64')}`,
      source: wanted,
    };
    writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
    return settings;
  }
  const parsed = settingsSchema.safeParse(readJson(file));
  if (!parsed.success) throw new UsageError(`${file} cannot be read. \`--fresh\` begins again.`);
  const difference = describeDifference(parsed.data.source, wanted, given);
  if (difference !== undefined) {
    throw new UsageError(`${dataDir} holds a store ${difference}. \`--fresh\` begins again there, \`--data DIR\` elsewhere.`);
  }
  return parsed.data;
}

function describeDifference(kept: StoreSource, wanted: StoreSource, given: { ordersCount: boolean }): string | undefined {
  if (kept.kind === 'orders-export') {
    // A folder of an export goes on without the file being named again.
    const isAnother = wanted.kind === 'generated' ? given.ordersCount : wanted.sha256 !== kept.sha256;
    if (isAnother) return `made from ${kept.fileName}`;
  } else {
    if (wanted.kind !== 'generated') return 'that was made up';
    if (given.ordersCount && wanted.orders !== kept.orders) return `of ${kept.orders} orders`;
  }
  if (wanted.timeZone !== undefined && wanted.timeZone !== kept.timeZone) return `in the time zone ${kept.timeZone ?? 'of its maker'}`;
  if (wanted.currency !== undefined && wanted.currency !== kept.currency) return `in the currency ${kept.currency ?? 'of its maker'}`;
  return undefined;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
