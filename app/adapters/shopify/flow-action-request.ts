import { z } from 'zod';

/** What Shopify Flow sends when a workflow runs an action of the app, signed as a whole. */
const actionSchema = z.object({
  shopify_domain: z.string().max(255),
  /** The same for each attempt of one run. */
  action_run_id: z.union([z.string(), z.number()]).transform(String).pipe(z.string().min(1).max(200)),
  /** Of the extension; older requests name a definition instead. */
  handle: z.string().optional(),
  properties: z.record(z.string(), z.unknown()),
  step_reference: z.string().max(200).optional(),
});

export interface FlowActionRequest {
  readonly domain: string;
  readonly runId: string;
  readonly handle: string | null;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Of the step in the merchant's workflow; null where it was not told. */
  readonly step: string | null;
}

/** Null for what is no run of an action. */
export function readFlowAction(body: string): FlowActionRequest | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  const read = actionSchema.safeParse(json);
  if (!read.success) return null;
  const { shopify_domain: domain, action_run_id: runId, handle, properties, step_reference: step } = read.data;
  const nested = properties['step_reference'];
  return { domain, runId, handle: handle ?? null, properties, step: step ?? (typeof nested === 'string' ? nested.slice(0, 200) : null) };
}
