import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv as parseDotEnv } from 'node:util';
import { expect, it, vi } from 'vitest';
import { PROJECT_DIR } from './support/project-dir.ts';

const example = parseDotEnv(readFileSync(join(PROJECT_DIR, '.env.example'), 'utf8'));

async function loadEnvModule() {
  // The module parses the environment when it is loaded.
  for (const [name, value] of Object.entries(example)) vi.stubEnv(name, value);
  try {
    return await import('#app/env.server.ts');
  } finally {
    vi.unstubAllEnvs();
  }
}

it('.env.example names every variable that the app reads, and no other', async () => {
  const { envSchema } = await loadEnvModule();
  expect(Object.keys(example).sort()).toEqual(Object.keys(envSchema.shape).sort());
});

it('.env.example is an environment that the app accepts', async () => {
  const { parseEnv } = await loadEnvModule();
  expect(parseEnv({ ...example }).PORT).toBe(3000);
});
