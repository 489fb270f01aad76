import type pg from 'pg';
import { z } from 'zod';

const gaugeSchema = z.object({ gauge: z.string(), label: z.string(), value: z.number() });

export type OperationsGauge = z.infer<typeof gaugeSchema>;

/** Sums over all shops, each without any shop's name: the only such look that the app's role may take. */
export async function loadOperationsGauges(pool: pg.Pool, now: Date): Promise<OperationsGauge[]> {
  const { rows } = await pool.query('SELECT gauge, label, value FROM operations_gauges($1)', [now]);
  return z.array(gaugeSchema).parse(rows);
}
