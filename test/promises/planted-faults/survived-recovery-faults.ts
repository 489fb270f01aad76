import type { PlantedFault } from './planted-fault.ts';

const DEAD = 'app/adapters/db/dead-webhooks.repository.server.ts';
const DIFFERENCES = 'app/adapters/db/differences.repository.server.ts';
const COMPARING = 'app/adapters/db/sql/compare-orders.server.ts';
const FOUND = 'app/adapters/db/reconciliations.repository.server.ts';
const MERGING = 'app/services/sync/refresh-customer.server.ts';
const DEAD_TEST = 'test/services/sync/webhooks/dead-webhooks.test.ts';
const LIST_TEST = 'test/services/sync/reconcile/reconcile-faults.test.ts';
const KNOWN_TEST = 'test/services/sync/reconcile/what-is-known.test.ts';

/** Of what brings a shop right after something was lost or late, that no test once noticed. */
export const SURVIVED_RECOVERY_FAULTS: readonly PlantedFault[] = [
  {
    name: 'a webhook without its body is asked for again',
    edits: [{ file: DEAD, find: '      bodySealed: { not: null },\n', replace: '' }],
    test: DEAD_TEST,
    named: /have all their tries/,
  },
  {
    name: 'a webhook that is asked for again has none of its tries',
    edits: [{ file: DEAD, find: 'attempts: 0, outages: 0, outcome:', replace: 'outcome:' }],
    test: DEAD_TEST,
    named: /have all their tries/,
  },
  {
    name: 'a webhook that is asked for again waits for its old pause and its old pull',
    edits: [{ file: DEAD, find: ', notBefore: now, pullId: null },', replace: ' },' }],
    test: DEAD_TEST,
    named: /have all their tries/,
  },
  {
    name: 'what is handled is asked for again',
    edits: [{ file: DEAD, find: "      shopId,\n      state: 'dead',\n      bodySealed", replace: '      shopId,\n      bodySealed' }],
    test: DEAD_TEST,
    named: /have all their tries/,
  },
  {
    name: 'all dead webhooks are asked for again where some are named',
    edits: [{ file: DEAD, find: "      ...(webhookIds === 'all' ? {} : { webhookId: { in: [...webhookIds] } }),\n", replace: '' }],
    test: DEAD_TEST,
    named: /that are named/,
  },
  {
    name: 'whatever a whole pull did not bring is repaired by it',
    edits: [{ file: DIFFERENCES, find: ' AND r.updated_at >= d.their_updated_at)', replace: ')' }],
    test: KNOWN_TEST,
    named: /what it brought up to date/,
  },
  {
    name: 'what failed is repaired at some time',
    edits: [{ file: DIFFERENCES, find: 'CASE WHEN count(r.${id}) > 0 AND ${isComplete} THEN ${now}::timestamptz END', replace: 'CASE WHEN ${isComplete} THEN ${now}::timestamptz END' }],
    test: KNOWN_TEST,
    named: /what it brought up to date/,
  },
  {
    name: 'a pull decides of what is gone, which no file tells',
    edits: [{ file: DIFFERENCES, find: "d.outcome = 'open' AND d.cause <> 'gone'`", replace: "d.outcome = 'open'`" }],
    test: KNOWN_TEST,
    named: /what it brought up to date/,
  },
  {
    name: 'a pull decides anew of what was settled',
    edits: [{ file: DIFFERENCES, find: "AND d.outcome = 'open' AND d.cause <> 'gone'`", replace: "AND d.cause <> 'gone'`" }],
    test: KNOWN_TEST,
    named: /what it brought up to date/,
  },
  {
    name: 'the look for missed changes waits for the nightly comparison',
    edits: [
      {
        file: 'prisma/migrations/20261122000100_work_and_operations/migration.sql',
        find: 'least(d.reconcile_due_at, d.freshness_due_at) <= p_now',
        replace: 'greatest(d.reconcile_due_at, d.freshness_due_at) <= p_now',
      },
    ],
    test: 'test/adapters/db/due-work.test.ts',
    named: /the look for missed changes/,
  },
  {
    name: 'a shop that comes back while Shopify is asked is not pulled',
    edits: [{ file: 'app/services/sync/record-uninstall.server.ts', find: '      await requestImports(context, db);\n', replace: '      if (isBack) await requestImports(context, db);\n' }],
    test: 'test/services/sync/webhooks/privacy-webhooks.test.ts',
    named: /comes back while Shopify is asked/,
  },
  {
    name: 'a file of which nothing could be read makes the data fresh',
    edits: [{ file: 'app/services/sync/import/advance-imports.server.ts', find: '    if (!isUnreadable) {\n', replace: '    {\n' }],
    test: 'test/services/sync/malformed-file.test.ts',
    named: /fresh/,
  },
  {
    name: 'reminders that are late come together',
    edits: [{ file: 'app/domain/accounts/judge-invite.ts', find: 'const isMeant = nowMs - plannedMsOf(invite) <= STALE_AFTER_MS && (step', replace: 'const isMeant = (step' }],
    test: 'test/domain/accounts/judge-invite.test.ts',
    named: /two never come together/,
  },
  {
    name: 'a total in another currency is shown as one in the shop’s',
    edits: [
      { file: COMPARING, find: 'CASE WHEN our_currency = $7 AND is_ours THEN our_total_minor END', replace: 'CASE WHEN is_ours THEN our_total_minor END' },
      { file: COMPARING, find: '    CASE WHEN their_currency = $7 THEN their_total_minor END,\n', replace: '    their_total_minor,\n' },
    ],
    test: LIST_TEST,
    named: /in another currency/,
  },
  {
    name: 'a day sums amounts of two currencies',
    edits: [
      { file: COMPARING, find: 'CASE WHEN our_currency = $7 THEN our_total_minor ELSE 0 END AS our_minor', replace: 'our_total_minor AS our_minor' },
      { file: COMPARING, find: 'CASE WHEN their_currency = $7 THEN their_total_minor ELSE 0 END FROM pairs', replace: 'their_total_minor FROM pairs' },
    ],
    test: LIST_TEST,
    named: /in another currency/,
  },
  {
    name: 'of an order that is listed twice the earlier version counts',
    edits: [{ file: COMPARING, find: 'ORDER BY order_id, updated_at DESC NULLS LAST', replace: 'ORDER BY order_id, updated_at ASC NULLS LAST' }],
    test: LIST_TEST,
    named: /several times/,
  },
  {
    name: 'of an order that is listed twice the line that cannot be read counts',
    edits: [{ file: COMPARING, find: 'ORDER BY order_id, updated_at DESC NULLS LAST', replace: 'ORDER BY order_id, updated_at DESC' }],
    test: LIST_TEST,
    named: /several times/,
  },
  {
    name: 'what is repaired hides what is not',
    edits: [
      { file: FOUND, find: "ORDER BY d.outcome = 'repaired', d.day DESC", replace: 'ORDER BY d.day DESC' },
      { file: FOUND, find: "ORDER BY outcome = 'repaired', customer_id DESC", replace: 'ORDER BY customer_id DESC' },
    ],
    test: KNOWN_TEST,
    named: /not right yet comes first/,
  },
  {
    name: 'who stayed in a merge has the count of before',
    edits: [
      {
        file: MERGING,
        find: "    if (kept?.kind === 'found' && !tombstones.buriesCustomer(keptId)) await saveCustomers(connection, shop, [kept.record], null);\n",
        replace: '    void kept;\n    void tombstones;\n',
      },
    ],
    test: 'test/services/sync/webhooks/webhooks.test.ts',
    named: /orders of a merged customer/,
  },
  {
    name: 'what was deleted since the list was made differs',
    edits: [{ file: COMPARING, find: ' AND coalesce(o.deleted_at <= $3, true)', replace: '' }],
    test: LIST_TEST,
    named: /deleted here since the list/,
  },
  {
    name: 'a deletion that was given up is looked for within the week alone',
    edits: [{ file: 'app/services/sync/reconcile/advance-reconciliation.server.ts', find: "(await isLostSinceWhole(db, shop, REMOVALS)) ? 'all' : nightlyScope(clock)", replace: 'nightlyScope(clock)' }],
    test: 'test/services/sync/webhooks/dead-webhooks.test.ts',
    named: /is for everything when a lost/,
  },
  {
    name: 'one metafield of points that Shopify keeps keeps those of the others',
    edits: [{ file: 'app/adapters/shopify/customer-metafields.server.ts', find: "const isOfAll = answer === 'done' || kept.has(undefined);", replace: 'const isOfAll = true;' }],
    test: 'test/services/loyalty/traces/trace-troubles.test.ts',
    named: /keeps nobody else/,
  },
];
