import { join } from 'node:path';
import { ESLint } from 'eslint';
import { expect, it } from 'vitest';
import { PROJECT_DIR } from './support/project-dir.ts';

const eslint = new ESLint({ cwd: PROJECT_DIR });

/** Files that stand for their folder; the resolver wants an import's target to exist, so targets are real ones. */
const crossings: [from: string, code: string, message: RegExp][] = [
  ['app/domain/retention/x.ts', "import '#app/env.server.ts';", /domain is pure/],
  ['app/domain/retention/x.ts', "import { readFile } from 'node:fs';\nreadFile;", /plain TypeScript/],
  ['app/domain/retention/x.ts', "import { Prisma } from '@prisma/client';\nPrisma;", /plain TypeScript/],
  ['app/domain/retention/x.ts', 'export const now = Date.now();', /the clock/],
  ['app/domain/retention/x.ts', 'export const now = new Date();', /the clock/],
  ['app/domain/retention/x.ts', 'export const luck = Math.random();', /chance/],
  ['app/contracts/x.ts', "import type { ProjectConfig } from 'vitest/config';\nexport type X = ProjectConfig;", /imports nothing but types/],
  ['app/services/x.server.ts', "import '#test/support/project-dir.ts';", /never knows that it is tested/],
  ['app/services/x.server.ts', 'export const key = process.env.KEY;', /env\.server\.ts reads the environment/],
  ['app/components/x.ts', "import '../../extensions/shopper-kit/src/words.ts';", /knows the words of extensions/],
  ['test/simulator/x.ts', "import '#app/env.server.ts';", /must not share our mistakes/],
  ['extensions/any/src/x.ts', "import '../../../app/env.server.ts';", /outlives our deploys/],
  ['extensions/any/src/x.ts', "import { shape } from '../../../app/contracts/shape.ts';\nshape;", /Share types only/],
  ['app/components/x.tsx', "export const X = ({ t }: { t: (key: string) => string }) => <p>{t('a')} {t('b')}</p>;", /joinSentences/],
  ['app/services/x.server.ts', 'export const x: any = 1;', /Unexpected any/],
  ['app/services/x.server.ts', 'export const x = [1][0]!;', /non-null assertion/],
];

it.each(crossings)('lint stops %s: %s', async (from, code, message) => {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: join(PROJECT_DIR, from) });
  expect(result?.messages.map((entry) => entry.message).join('\n')).toMatch(message);
});

it('lint lets the domain use its own files and the calendar', async () => {
  const code = "import { Temporal } from 'temporal-polyfill';\nexport const day = (iso: string) => Temporal.PlainDate.from(iso);\n";
  const [result] = await eslint.lintText(code, { filePath: join(PROJECT_DIR, 'app/domain/time/x.ts') });
  expect(result?.messages).toEqual([]);
});
