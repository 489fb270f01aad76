import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import type { OpenLoopPlan, OpenLoopShot } from './open-loop.ts';

/*
 * Sends requests at the moments they are planned for, whether or not the ones before were answered: a server that stands
 * still is met by all that come meanwhile. A process of its own, so that nothing but the sending is on its mind.
 *   node test/support/open-loop.cli.ts <plan.json> <result.json>
 */
const [planFile = '', resultFile = ''] = process.argv.slice(2);
const plan = JSON.parse(readFileSync(planFile, 'utf8')) as OpenLoopPlan;
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
const shots: OpenLoopShot[] = [];
const url = new URL(plan.url);
/** Since 1970, in parts of a millisecond too: a quick answer takes one or two. */
const nowMs = (): number => performance.timeOrigin + performance.now();

function shoot(index: number): Promise<void> {
  const planned = plan.requests[index];
  if (!planned) return Promise.resolve();
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const note = (status: number | null) => {
      // From the moment it was planned for, not from the moment it was sent.
      const latencyMs = nowMs() - (plan.startAtMs + planned.offsetMs);
      shots[index] = { status, latencyMs, ...(plan.keepsBodies === true ? { body: Buffer.concat(chunks).toString('utf8') } : {}) };
      resolve();
    };
    const outgoing = request(
      { agent, host: url.hostname, port: url.port, path: planned.path, method: planned.method ?? 'POST', headers: planned.headers },
      (response) => {
        if (plan.keepsBodies === true) response.on('data', (chunk: Buffer) => chunks.push(chunk));
        else response.resume();
        response.on('end', () => note(response.statusCode ?? null));
        response.on('error', () => note(null));
      },
    );
    outgoing.setTimeout(plan.timeoutMs, () => outgoing.destroy(new Error('too late')));
    outgoing.on('error', () => note(null));
    outgoing.end(planned.body);
  });
}

const answered: Promise<void>[] = [];
let next = 0;
await new Promise<void>((resolve) => {
  const tick = () => {
    const dueMs = nowMs() - plan.startAtMs;
    for (; next < plan.requests.length && (plan.requests[next]?.offsetMs ?? 0) <= dueMs; next += 1) answered.push(shoot(next));
    if (next >= plan.requests.length) resolve();
    else setTimeout(tick, 1);
  };
  tick();
});
await Promise.all(answered);
agent.destroy();
writeFileSync(resultFile, JSON.stringify(shots));
