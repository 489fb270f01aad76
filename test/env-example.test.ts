import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv as parseDotEnv } from 'node:util';
import { expect, it } from 'vitest';
import { envSchema, parseEnv } from '#app/env.server.ts';
import { parseAppConfig } from './simulator/app-toml.ts';
import { PROJECT_DIR } from './support/project-dir.ts';

const example = parseDotEnv(readFileSync(join(PROJECT_DIR, '.env.example'), 'utf8'));

it('.env.example names every variable that the app reads, and no other', () => {
  expect(Object.keys(example).sort()).toEqual(Object.keys(envSchema.shape).sort());
});

it('.env.example asks for the scopes of shopify.app.toml, which every request of the app needs', () => {
  const scopes = parseAppConfig(readFileSync(join(PROJECT_DIR, 'shopify.app.toml'), 'utf8')).scopes;
  expect((example['SCOPES'] ?? '').split(',').sort()).toEqual(scopes.sort());
});

it('.env.example is an environment that the app accepts', () => {
  expect(parseEnv({ ...example }).PORT).toBe(3000);
});
