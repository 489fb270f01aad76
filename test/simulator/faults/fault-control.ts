import { Hono } from 'hono';
import type { Platform } from '../platform.ts';
import { parseFaultPlan } from './parse-fault-plan.ts';

/** `/control/api/faults`: read the rules and what struck, replace the rules, remove them all. */
export function faultControlRoutes(platform: Platform): Hono {
  const routes = new Hono();
  routes.get('/control/api/faults', (context) => context.json(platform.faults.describe()));
  routes.post('/control/api/faults', async (context) => {
    const parsed = parseFaultPlan(await context.req.json().catch(() => null));
    if (!parsed.ok) return context.json({ error: parsed.error }, 400);
    platform.faults.set(parsed.plan);
    return context.json(platform.faults.describe());
  });
  routes.delete('/control/api/faults', (context) => {
    platform.faults.clear();
    return context.json(platform.faults.describe());
  });
  return routes;
}
