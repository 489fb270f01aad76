import { changeTracing, openTracing } from '#app/adapters/db/loyalty/tracing.repository.server.ts';
import type { Tracing } from '#app/adapters/db/loyalty/tracing.repository.server.ts';
import { nextTraceDue } from '#app/adapters/db/loyalty/next-trace-due.server.ts';
import { defineLoyaltyMetafields } from '#app/adapters/shopify/loyalty-metafields.server.ts';
import { TRACE_FIELDS } from '#app/domain/loyalty/traces/trace-values.ts';
import { MS_PER_HOUR, MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { keepFreeShipping } from '#app/services/loyalty/perks/keep-free-shipping.server.ts';
import { loadProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import { noteMembers } from '#app/services/loyalty/traces/note-members.server.ts';
import { traceProblemOf } from '#app/services/loyalty/traces/trace-problem.server.ts';
import type { TraceProblem } from '#app/services/loyalty/traces/trace-problem.server.ts';
import { tellFlow } from '#app/services/loyalty/traces/tell-flow.server.ts';
import { writeTraces } from '#app/services/loyalty/traces/write-traces.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Whoever writes entries hastens the next look; this is how late the one is that nobody hastened. */
const LOOK_EVERY_MS = 60 * MS_PER_SECOND;
const LONGEST_PAUSE_MS = 900 * MS_PER_SECOND;
/** After so long another shop has its turn. */
const TURN_MS = 5 * MS_PER_SECOND;

/** What stopped a turn; null when nothing did. */
export interface TraceTurn {
  readonly isDone: boolean;
  readonly problem: TraceProblem | null;
}

/**
 * A turn of telling Shopify what holds of members: finds what is new, brings metafields and tags to it, and the free
 * shipping that goes by the tags, and then tells Flow, whose workflows read those. Runs under a lock of the shop, again
 * while something is left, and after a kill at any point.
 */
export async function traceMembers(context: ShopContext, turnMs = TURN_MS): Promise<TraceTurn> {
  const { shop, inShop, now, monotonicMs } = context;
  const endMs = monotonicMs() + turnMs;
  const isNoted = (await noteMembers(context)) === 'done';
  const [terms, { tracing }] = await inShop(async (db) => [await loadProgramTerms(db, context), await openTracing(db, shop, now())] as const);
  if (terms === null) {
    await inShop((db) => changeTracing(db, shop, { lookDueAt: new Date(now().getTime() + LOOK_EVERY_MS) }));
    return { isDone: true, problem: null };
  }
  const written = await untilProblem(() => write(context, { terms, tracing, endMs }));
  const isAway = written.problem === 'unavailable' || written.problem === 'access';
  if (!isAway) await keepFreeShipping(context, { terms, isTagging: tracing.isTagging });
  // A metafield that is refused keeps nobody's workflow waiting.
  const told = isAway ? DONE : await untilProblem(() => whileMore(() => tellFlow(context, terms), () => monotonicMs() < endMs));
  const problem = written.problem ?? told.problem;
  const isDone = isNoted && written.isDone && told.isDone;
  await rest(context, tracing, { isDone, problem });
  return { isDone, problem };
}

const DONE: TraceTurn = { isDone: true, problem: null };

interface Writing {
  terms: ProgramTerms;
  tracing: Tracing;
  endMs: number;
}

async function write(context: ShopContext, { terms, tracing, endMs }: Writing): Promise<boolean> {
  const { shop, inShop, admin, now, monotonicMs } = context;
  const { newest, timeZone } = terms;
  if (tracing.definedAt === null && newest.program.status.kind !== 'off') {
    await defineLoyaltyMetafields(admin, TRACE_FIELDS);
    await inShop((db) => changeTracing(db, shop, { definedAt: now() }));
  }
  return whileMore(() => writeTraces(context, { newest, timeZone, isTagging: tracing.isTagging }), () => monotonicMs() < endMs);
}

/** @returns whether nothing is left */
async function whileMore(step: () => Promise<'done' | 'more'>, hasTime: () => boolean): Promise<boolean> {
  do {
    if ((await step()) === 'done') return true;
  } while (hasTime());
  return false;
}

async function untilProblem(step: () => Promise<boolean>): Promise<TraceTurn> {
  try {
    return { isDone: await step(), problem: null };
  } catch (error) {
    return { isDone: false, problem: traceProblemOf(error) };
  }
}

async function rest({ shop, inShop, now }: ShopContext, { outages }: Tracing, { isDone, problem }: TraceTurn): Promise<void> {
  const nowMs = now().getTime();
  await inShop(async (db) => {
    if (problem !== null) {
      const pauseMs = problem === 'unavailable' ? Math.min(LONGEST_PAUSE_MS, MS_PER_SECOND * 2 ** outages) : problem === 'refused' ? LONGEST_PAUSE_MS : MS_PER_HOUR;
      return changeTracing(db, shop, { outages: outages + 1, lastError: problem, lastErrorAt: now(), lookDueAt: new Date(nowMs + pauseMs) });
    }
    const dueMs = isDone ? ((await nextTraceDue(db, shop))?.getTime() ?? Infinity) : nowMs;
    await changeTracing(db, shop, { outages: 0, lastError: null, lookDueAt: new Date(Math.max(nowMs, Math.min(dueMs, nowMs + LOOK_EVERY_MS))) });
  });
}
