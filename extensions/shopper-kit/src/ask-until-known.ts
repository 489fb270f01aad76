import { askApp } from './ask-app.ts';
import type { AppConnection } from './ask-app.ts';

/** What the body of an answer means to who asked: ask again, or this is it. */
export type Reading<Value> = { kind: 'pending'; retryAfterMs: unknown } | { kind: 'known'; value: Value };

export type Outcome<Value> = { kind: 'known'; value: Value } | { kind: 'unknown'; why: 'refused' | 'trouble' | 'patience' };

// An order reaches the app within seconds. A buyer does not watch a page for a minute.
const PATIENCE_MS = 45_000;
const SHORTEST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5000;
const WAIT_GROWTH = 1.4;
// Four questions in four seconds: long enough for a server that is being replaced.
const MAX_TROUBLES = 4;
const TROUBLE_WAIT_GROWTH = 3;

/** Asks more and more rarely until the app knows, refuses, or has been in trouble too often. Never throws. */
export async function askUntilKnown<Value>(
  app: AppConnection,
  question: { path: string; body?: object; read: (body: unknown) => Reading<Value>; patienceMs?: number },
): Promise<Outcome<Value>> {
  const untilMs = app.nowMs() + (question.patienceMs ?? PATIENCE_MS);
  let waitMs = SHORTEST_WAIT_MS;
  let troubles = 0;
  while (!app.signal.aborted && app.nowMs() < untilMs) {
    const reply = await askApp(app, question.path, question.body);
    if (reply.kind === 'no-token' || reply.kind === 'refused') return { kind: 'unknown', why: 'refused' };
    let growth = WAIT_GROWTH;
    if (reply.kind === 'trouble') {
      troubles += 1;
      if (troubles >= MAX_TROUBLES) return { kind: 'unknown', why: 'trouble' };
      growth = TROUBLE_WAIT_GROWTH;
    } else {
      const reading = question.read(reply.body);
      if (reading.kind === 'known') return reading;
      troubles = 0;
      waitMs = Math.max(waitMs, Math.min(Number(reading.retryAfterMs) || 0, LONGEST_WAIT_MS));
    }
    await app.wait(waitMs, app.signal);
    waitMs = Math.min(waitMs * growth, LONGEST_WAIT_MS);
  }
  return { kind: 'unknown', why: 'patience' };
}
