import { existsSync } from 'node:fs';

import { z } from 'zod';

/** `1:base64,0:base64`: the first key seals, all of them open. Each is 32 bytes. */
const encryptionKeysSchema = z.string().transform((value, context) => {
  const keys = value.split(',').map((entry) => {
    const [id, encoded] = entry.trim().split(':', 2);
    return { id: id ?? '', key: Buffer.from(encoded ?? '', 'base64') };
  });
  for (const { id, key } of keys) {
    if (!/^[a-z0-9]{1,16}$/.test(id) || key.length !== 32) {
      context.addIssue({ code: 'custom', message: 'must be <id>:<base64 of 32 bytes>, several parted by commas' });
      return z.NEVER;
    }
  }
  if (new Set(keys.map(({ id }) => id)).size < keys.length) {
    // Values that the second of them sealed would never open again.
    context.addIssue({ code: 'custom', message: 'must not give one id to two keys' });
    return z.NEVER;
  }
  return keys;
});

/** `name=action@pass`, several parted by commas: where a test breaks the process. See failpoint.server.ts. */
const failpointsSchema = z.string().transform((value, context): ReadonlyMap<string, { action: string; atPass: number }> => {
  if (value.trim() === '') return new Map();
  const entries = value.split(',').map((entry) => /^([a-z-]+)=(kill|throw|hang|note)(?:@(\d+))?$/.exec(entry.trim()));
  const plans = new Map<string, { action: string; atPass: number }>();
  for (const entry of entries) {
    if (!entry?.[1] || !entry[2]) {
      context.addIssue({ code: 'custom', message: 'must be <name>=<kill|throw|hang|note>[@<pass>], several parted by commas' });
      return z.NEVER;
    }
    plans.set(entry[1], { action: entry[2], atPass: Number(entry[3] ?? 1) });
  }
  return plans;
});

const NO_FAILPOINTS: ReadonlyMap<string, { action: string; atPass: number }> = new Map();

export const envSchema = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('production'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** As the owner of the tables, for `npm run migrate`, `backup` and `restore`. Web and worker must not have it. */
  DATABASE_OWNER_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  SHOPIFY_API_KEY: z.string().min(1),
  SHOPIFY_API_SECRET: z.string().min(1),
  /** The secret before a rotation: Shopify signs with either until the old one is revoked. Empty means none. */
  SHOPIFY_API_SECRET_OLD: z.string().optional().transform((secret) => (secret === '' ? undefined : secret)),
  SHOPIFY_APP_URL: z.url({ protocol: /^https?$/ }),
  SCOPES: z.string().transform((value) => value.split(',').map((scope) => scope.trim()).filter(Boolean)),
  ENCRYPTION_KEYS: encryptionKeysSchema,
  /** Keys the hashes that outlive the encryption keys: tombstones, pseudonyms, codes. Without it, the oldest of those. */
  HASH_KEY: z.base64().refine((value) => Buffer.from(value, 'base64').length === 32, 'must be the base64 of 32 bytes').optional(),
  /** Opens the operator's pages, `/metrics` and `/operator/health`; without it they are closed. */
  OPERATOR_TOKEN: z.string().min(24).optional(),
  /** Where the worker answers `/livez`, `/readyz` and `/metrics`; 0 takes any port, absent means no listener. */
  WORKER_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** How many proxies stand before the app: each adds one address to X-Forwarded-For, and what is left of those is hearsay. */
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(10).default(1),
  /** For the orders of shops that reports are computed from: about 32 bytes an order with its customer's row, and twice that while one is read. */
  COLUMNS_MEMORY_MB: z.coerce.number().int().min(16).max(65_536).default(256),
  /** What the address of the loyalty page ends in, in a customer account: where a link to sign in leads. Empty means none. */
  LOYALTY_PAGE_ID: z.string().max(100).optional().transform((id) => (id === '' ? undefined : id)),
  FAILPOINTS: failpointsSchema.optional().transform((plans) => plans ?? NO_FAILPOINTS),
  APP_BRIDGE_URL: z.url().default('https://cdn.shopify.com/shopifycloud/app-bridge.js'),
});

export type Env = z.infer<typeof envSchema>;

/** Throws an error that names each wrong variable, never its value. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const parsed = parseWith(envSchema, source);
  if (parsed.NODE_ENV === 'production' && parsed.FAILPOINTS.size > 0) {
    throw new Error('FAILPOINTS is for tests: production does not start with it.');
  }
  return parsed;
}

const ownerEnvSchema = z.object({ DATABASE_OWNER_URL: envSchema.shape.DATABASE_OWNER_URL.unwrap() });

/** All that a migration needs, and all that there is where it runs: no keys, no Shopify. */
export function readOwnerEnv(source: Record<string, string | undefined> = process.env): z.infer<typeof ownerEnvSchema> {
  return parseWith(ownerEnvSchema, source);
}

/** What a program that we start finds in its environment: ours and these. */
export function environmentOfChild(additions: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...additions };
}

/** Where a command was typed, which is what its paths are relative to: npm changes into the project's folder first. */
export function folderOfCaller(): string {
  return process.env['INIT_CWD'] ?? process.cwd();
}

/** For a command that mostly needs no environment: `--env-file-if-exists` would say each time that there is no file. */
export function readEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

function parseWith<Schema extends z.ZodType>(schema: Schema, source: Record<string, string | undefined>): z.infer<Schema> {
  const parsed = schema.safeParse(source);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return `  ${name}: ${source[name] === undefined ? 'is missing' : issue.message}`;
  });
  throw new Error(`The environment is not complete (.env.example lists what is needed):\n${lines.join('\n')}`);
}

/** Reads everything at once, as soon as any of it is asked for: web and worker do as they start. */
function readWhenAsked(read: () => Env): Env {
  let known: Env | undefined;
  const getters = Object.keys(envSchema.shape).map((name) => [name, { enumerable: true, get: () => (known ??= read())[name as keyof Env] }]);
  return Object.defineProperties({}, Object.fromEntries(getters)) as Env;
}

export const env = readWhenAsked(() => parseEnv(process.env));

// React chooses its half by this variable when it is first imported, which is after this file. What else it may be is
// for the schema to say.
process.env.NODE_ENV ??= 'production';
