import type { PlantedFault } from './planted-fault.ts';

/** As the others that survived, of the sync: webhooks, pulls, tokens and the worker's loop. */
export const SURVIVED_SYNC_FAULTS: readonly PlantedFault[] = [
  {
    name: 'failing work rests for ever longer',
    edits: [{ file: 'app/jobs/work-loop.server.ts', find: 'Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1))', replace: 'FIRST_BACKOFF_MS * 2 ** (failures - 1)' }],
    test: 'test/jobs/work-loop.test.ts',
    named: /a minute at most/,
  },
  {
    name: 'histories take all the connections',
    edits: [{ file: 'app/jobs/work-loop.server.ts', find: ' || isResting || taken >= PLACES[item.work]) return', replace: ' || isResting || taken < 0) return' }],
    test: 'test/jobs/work-loop.test.ts',
    named: /connections are left/,
  },
  {
    name: 'a worker that ends says that it is ready',
    edits: [{ file: 'app/jobs/worker-listener.server.ts', find: `      if (loop.isStopping) return { status: 503, body: 'draining' };\n`, replace: '' }],
    test: 'test/jobs/worker-listener.test.ts',
    named: /not ready while it ends/,
  },
  {
    name: 'a kind of work of a later version ends the looking',
    edits: [{ file: 'app/adapters/db/shop-registry.server.ts', find: 'workRowSchema.extend({ work: z.string() })', replace: 'workRowSchema.extend({ work: z.enum(WORK_KINDS) })' }],
    test: 'test/services/sync/webhooks/lost-webhooks.test.ts',
    named: /later version has kinds/,
  },
  {
    name: 'a change in the second of the version that is held counts as known',
    edits: [{ file: 'app/services/sync/webhooks/spare-reads.server.ts', find: 'if (heldSecond > toldSecond)', replace: 'if (heldSecond >= toldSecond)' }],
    test: 'test/services/sync/webhooks/webhooks.test.ts',
    named: /in the second in which we have it/,
  },
  {
    name: 'a pull of the same second counts as read after it',
    edits: [{ file: 'app/services/sync/webhooks/spare-reads.server.ts', find: '(toldSecond + 1) * SECOND_MS', replace: 'toldSecond * SECOND_MS' }],
    test: 'test/services/sync/webhooks/webhook-storms.test.ts',
    named: /changed again in the second/,
  },
  {
    name: 'a deletion counts as known for a later version of the order',
    edits: [{ file: 'app/services/sync/webhooks/spare-reads.server.ts', find: 'if (isRemoval || told === null) return null;', replace: 'if (told === null) return null;' }],
    test: 'test/services/sync/webhooks/webhooks.test.ts',
    named: /takes a deletion although/,
  },
  {
    name: 'a refusal is an outage although the shop has left',
    edits: [{ file: 'app/services/sync/webhooks/postpone-webhooks.server.ts', find: '(error instanceof ShopifyAccessError && isInstalled)', replace: 'error instanceof ShopifyAccessError' }],
    test: 'test/services/sync/webhooks/lost-webhooks.test.ts',
    named: /of a shop that left/,
  },
  {
    name: 'what Shopify’s search finds late is not pulled',
    edits: [{ file: 'app/services/sync/webhooks/rest-in-storm.server.ts', find: 'Math.max(oldestMs - MARGIN_MS,', replace: 'Math.max(oldestMs,' }],
    test: 'test/services/sync/webhooks/webhook-storms.test.ts',
    named: /search lags behind/,
  },
  {
    name: 'what the law asks for is tried no more when it ended the worker',
    edits: [{ file: 'app/services/sync/webhooks/handle-webhooks.server.ts', find: ' && outcome === BEGUN && !isCompliance(topic)', replace: ' && outcome === BEGUN' }],
    test: 'test/services/sync/webhooks/lost-webhooks.test.ts',
    named: /worker ended at each try/,
  },
  {
    name: 'a webhook that is done is put off again',
    edits: [{ file: 'app/adapters/db/webhook-inbox.repository.server.ts', find: `webhookId: { in: [...webhookIds] }, state: 'waiting' };\n  await db.webhookDelivery.updateMany({\n    where,`, replace: 'webhookId: { in: [...webhookIds] } };\n  await db.webhookDelivery.updateMany({\n    where,' }],
    test: 'test/services/sync/webhooks/lost-webhooks.test.ts',
    named: /stays done/,
  },
  {
    name: 'the youngest webhooks go first',
    edits: [{ file: 'app/adapters/db/webhook-inbox.repository.server.ts', find: `orderBy: { inboxId: 'asc' },`, replace: `orderBy: { inboxId: 'desc' },` }],
    test: 'test/services/sync/webhooks/lost-webhooks.test.ts',
    named: /begins nothing more/,
  },
  {
    name: 'the buyer of a deleted order keeps its count',
    edits: [{ file: 'app/services/sync/refresh-order.server.ts', find: '      await saveUnlessBuried(connection, context, bereaved);\n', replace: '      void bereaved; void saveUnlessBuried;\n' }],
    test: 'test/services/sync/webhooks/webhooks.test.ts',
    named: /still counts of the buyer/,
  },
  {
    name: 'reports keep the days of the time zone before',
    edits: [{ file: 'app/services/sync/refresh-shop-facts.server.ts', find: 'before.currency !== facts.currency || before.ianaTimeZone !== facts.ianaTimeZone', replace: 'before.currency !== facts.currency' }],
    test: 'test/services/sync/webhooks/webhooks.test.ts',
    named: /its time zone/,
  },
];
