import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { TraceTurn } from '#app/services/loyalty/traces/trace-members.server.ts';
import type { ReceivedTrigger } from '#test/simulator/flow.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openRedemptionShop } from '#test/support/loyalty/redemption-shop.ts';
import type { RedemptionShop } from '#test/support/loyalty/redemption-shop.ts';

/** Three tiers by points, that are at once spendable. */
export function tieredProgram(change: Partial<Program> = {}): Program {
  const level = { factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null };
  return aProgram({
    earning: { pendingDays: 0, earnsFromMs: 0 },
    tiers: {
      basis: 'points',
      window: 'rolling-year',
      graceDays: 30,
      levels: [
        { ...level, id: 'bronze', name: 'Bronze', threshold: 0 },
        { ...level, id: 'silver', name: 'Silver', threshold: 400 },
        { ...level, id: 'gold', name: 'Gold', threshold: 900 },
      ],
    },
    ...change,
  });
}

export interface TracingStage {
  readonly shop: RedemptionShop;
  /** One turn of the worker; long enough for all there is. */
  turn(): Promise<TraceTurn>;
  /** Turns, the clock put forward to each next one, until nothing is left to be told. */
  settle(): Promise<void>;
  /** The app's metafields of a customer, by key. */
  metafields(customerId: number): Record<string, string>;
  tags(customerId: number): string[];
  told(trigger?: string): ReceivedTrigger[];
  rows<Row extends object>(sql: string): Promise<Row[]>;
  stop(): Promise<void>;
}

export async function openTracingStage(): Promise<TracingStage> {
  const shop = await openRedemptionShop(240);
  const namespace = `app--${shop.app.env.SHOPIFY_API_KEY}--loyalty`;
  const { traceMembers } = await import('#app/services/loyalty/traces/trace-members.server.ts');
  const rows = async <Row extends object>(sql: string): Promise<Row[]> => (await shop.owner.query<Row & Record<string, unknown>>(sql)).rows;
  const customer = (id: number) => {
    const found = shop.shopify.customers.get(id);
    if (!found) throw new Error(`no customer ${id}`);
    return found;
  };
  const stage: TracingStage = {
    shop,
    turn: () => traceMembers(shop.context, 60_000),
    settle: async () => {
      for (let turns = 0; turns < 300; turns += 1) {
        const { isDone, problem } = await stage.turn();
        const [left] = await rows<{ due: Date | null; next: Date }>(
          `SELECT least((SELECT min(due_at) FROM loyalty_member_traces), (SELECT min(not_before) FROM loyalty_flow_events)) AS due, look_due_at AS next FROM loyalty_tracing`,
        );
        // A fall of a tier lies ahead, and is not waited for.
        if (isDone && problem === null && (left?.due === null || Number(left?.due) > shop.now().getTime() + 86_400_000)) return;
        shop.setClock(new Date(Math.max(shop.now().getTime() + 1, left?.next.getTime() ?? 0)));
      }
      throw new Error('still something to tell after 300 turns');
    },
    metafields: (id) => Object.fromEntries((customer(id).metafields ?? []).filter((one) => one.namespace === namespace).map(({ key, value }) => [key, value])),
    tags: (id) => customer(id).tags,
    told: (trigger) => shop.app.running.simulator.flow.received.filter(({ handle }) => trigger === undefined || handle === trigger),
    rows,
    stop: () => shop.stop(),
  };
  return stage;
}
