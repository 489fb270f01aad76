import { randomUUID } from 'node:crypto';
import type { Sending, WebhookDelivery } from '../webhooks.ts';
import type { WebhookFault } from './fault-rules.ts';
import type { FaultSchedule } from './fault-schedule.ts';

/** No store of ours reaches so high. */
const absentId = 9_000_000_000_000;

/** What is really sent instead of what was planned for a delivery. */
export function faultyWebhooks(faults: FaultSchedule): (planned: Sending[]) => Sending[] {
  return (planned) => {
    const [first] = planned;
    if (faults.isQuiet || !first) return planned;
    const { topic, shop } = first.delivery;
    return faults
      .strike('webhook', { name: topic, shop })
      .reduce((sendings, fault) => change(sendings, fault, () => faults.draws.next()), planned);
  };
}

function change(sendings: Sending[], fault: WebhookFault, draw: () => number): Sending[] {
  switch (fault.kind) {
    case 'dropped':
      return [];
    case 'duplicated':
      return sendings.flatMap((sending) =>
        Array.from({ length: fault.copies }, (_, copy) =>
          copy > 0 && fault.hasOwnIds ? { ...sending, delivery: another(sending.delivery) } : sending,
        ),
      );
    case 'delayed':
      return sendings.map(({ delivery, delayMs }) => ({ delivery, delayMs: delayMs + fault.delayMs }));
    case 'shuffled':
      return sendings.map(({ delivery, delayMs }) => ({ delivery, delayMs: delayMs + draw() * fault.withinMs }));
    case 'stale':
      return sendings.flatMap((sending) => [sending, { ...sending, delivery: older(sending.delivery, fault.bySeconds) }]);
    case 'deleted-object':
      return sendings.map((sending) => ({ ...sending, delivery: withBody(sending.delivery, aboutNothing) }));
    case 'other-shop':
      return sendings.map((sending) => ({ ...sending, delivery: { ...sending.delivery, shop: fault.shop } }));
  }
}

function another(delivery: WebhookDelivery): WebhookDelivery {
  return { ...delivery, webhookId: randomUUID() };
}

function older(delivery: WebhookDelivery, seconds: number): WebhookDelivery {
  const before = (instant: unknown): string => new Date(Date.parse(String(instant)) - seconds * 1000).toISOString();
  const stale = withBody(delivery, (body) =>
    'updated_at' in body ? { ...body, updated_at: before(body['updated_at']) } : body,
  );
  return { ...another(stale), eventId: randomUUID(), triggeredAt: before(delivery.triggeredAt) };
}

function aboutNothing(body: Record<string, unknown>): Record<string, unknown> {
  const changed = { ...body };
  for (const name of ['id', 'order_id']) if (typeof changed[name] === 'number') changed[name] += absentId;
  const gid = changed['admin_graphql_api_id'];
  if (typeof gid === 'string') changed['admin_graphql_api_id'] = gid.replace(/\d+$/, String(changed['id']));
  return changed;
}

function withBody(
  delivery: WebhookDelivery,
  edit: (body: Record<string, unknown>) => Record<string, unknown>,
): WebhookDelivery {
  const body: unknown = JSON.parse(delivery.body);
  if (typeof body !== 'object' || body === null) return delivery;
  return { ...delivery, body: JSON.stringify(edit(Object.fromEntries(Object.entries(body)))) };
}
