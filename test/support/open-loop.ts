import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PlannedRequest {
  /** After the start. */
  offsetMs: number;
  path: string;
  /** POST unless it says otherwise. */
  method?: 'GET' | 'POST';
  headers: Record<string, string>;
  body: string;
}

export interface OpenLoopPlan {
  url: string;
  /** Since 1970. */
  startAtMs: number;
  timeoutMs: number;
  /** Whether what was answered is kept, beside how. */
  keepsBodies?: boolean;
  /** In the order of their moments. */
  requests: PlannedRequest[];
}

export interface OpenLoopShot {
  /** Null when no answer came. */
  status: number | null;
  latencyMs: number;
  /** Where the plan keeps them. */
  body?: string;
}

/** Sends the plan from a process of its own; the answers are in the order of the plan. */
export async function sendOpenLoop(plan: OpenLoopPlan): Promise<OpenLoopShot[]> {
  const folder = mkdtempSync(join(tmpdir(), 'open-loop-'));
  try {
    const files = [join(folder, 'plan.json'), join(folder, 'result.json')] as const;
    writeFileSync(files[0], JSON.stringify(plan));
    const script = fileURLToPath(new URL('open-loop.cli.ts', import.meta.url));
    const sender = spawn(process.execPath, [script, ...files], { stdio: ['ignore', 'inherit', 'inherit'] });
    const code = await new Promise<number | null>((resolve) => sender.once('exit', resolve));
    if (code !== 0) throw new Error(`The sender ended with code ${code}`);
    return JSON.parse(readFileSync(files[1], 'utf8')) as OpenLoopShot[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The value that this share of them does not exceed; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
