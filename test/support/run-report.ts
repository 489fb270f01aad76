import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PROJECT_DIR } from './project-dir.ts';

export interface ReportRun {
  status: number | null;
  stdout: string;
  stderr: string;
}

interface RunReportOptions {
  input?: string;
  /** Nothing but where programs are, when not given: an export needs no environment. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** The command as a process of its own, as `npm run report` starts it. */
export function runReport(words: readonly string[], { input = '', env = { PATH: process.env['PATH'] } }: RunReportOptions = {}): ReportRun {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'app/commands/report.ts', ...words], {
    cwd: PROJECT_DIR,
    encoding: 'utf8',
    env: { NODE_ENV: 'production', ...env },
    input,
    maxBuffer: 2 ** 28,
  });
  return { status, stdout, stderr };
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'perennial-report-'));
}
