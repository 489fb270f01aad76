import type { PlantedFault } from './planted-fault.ts';

const LIMITS = 'app/http/request-limits.server.ts';
const ORDERS = 'app/adapters/db/sql/compare-orders.server.ts';
const REDACTION = 'app/services/privacy/redact-customer.server.ts';
const SETTLING = 'app/adapters/backup/settle-statements.ts';

/** Each was planted by a hostile hand once, and no test of that day noticed. */
export const SURVIVED_FAULTS: readonly PlantedFault[] = [
  {
    name: 'a signature is compared up to the first difference',
    edits: [
      {
        file: 'app/adapters/shopify/webhook-request.server.ts',
        find: 'given.length === expected.length && timingSafeEqual(given, expected)',
        replace: 'given.toString() === expected.toString()',
      },
    ],
    test: 'test/secrets-in-constant-time.test.ts',
    named: /first difference/,
  },
  {
    name: 'the beginning of the operators’ token is enough',
    edits: [{ file: 'app/access/operator-access.server.ts', find: 'sha256(env.OPERATOR_TOKEN));', replace: 'sha256(env.OPERATOR_TOKEN.slice(0, token.length)));' }],
    test: 'test/routes/probes-and-metrics.test.ts',
    named: /not there for Bearer/,
  },
  {
    name: 'an empty secret of before is a secret',
    edits: [{ file: 'app/env.server.ts', find: "SHOPIFY_API_SECRET_OLD: z.string().optional().transform((secret) => (secret === '' ? undefined : secret)),", replace: 'SHOPIFY_API_SECRET_OLD: z.string().optional(),' }],
    test: 'test/env.test.ts',
    named: /secret of before/,
  },
  {
    name: 'customers of one number in two shops share a limit',
    edits: [{ file: LIMITS, find: "Charge => ['buyer', `${shopDomain} ${person}`]", replace: "Charge => ['buyer', person]" }],
    test: 'test/promises/a9-limits.test.ts',
    named: /one number in two shops/,
  },
  {
    name: 'whoever was let in before the store of limits failed is let in anew',
    edits: [{ file: 'app/adapters/rate-limit/rate-limiter.server.ts', find: '        await consumeAlone(charges);\n        return { ok: true };', replace: '        return { ok: true };' }],
    test: 'test/promises/a9-limits.test.ts',
    named: /before the store failed/,
  },
  {
    name: 'a query of orders leaves its shop to row-level security',
    edits: [
      {
        file: 'app/adapters/db/held-orders.server.ts',
        find: 'FROM orders WHERE shop_id = $1 AND order_id = ANY($2::bigint[])`,\n    [shop.shopId, orderIds.map(String)],',
        replace: 'FROM orders WHERE $1::int > 0 AND order_id = ANY($2::bigint[])`,\n    [shop.shopId, orderIds.map(String)],',
      },
    ],
    test: 'test/every-query-names-its-shop.test.ts',
    named: /names the shop/,
  },
  {
    name: 'an index that the worker looks by is gone',
    edits: [
      {
        file: 'prisma/migrations/20261122220000_loyalty_gifts/migration.sql',
        find: 'CREATE INDEX "loyalty_gifts_waiting" ON loyalty_gifts (not_before) WHERE not_before IS NOT NULL;\n',
        replace: '',
      },
    ],
    test: 'test/adapters/db/idempotency-keys.test.ts',
    named: /lost no key/,
  },
  {
    name: 'of an order the first ten lines are brought',
    edits: [
      {
        file: 'app/adapters/shopify/load-records.server.ts',
        find: '    if (!pageInfo.hasNextPage) return lines;\n',
        replace: '    if (lines.length > 0 || !pageInfo.hasNextPage) return lines;\n',
      },
    ],
    test: 'test/services/sync/webhooks/webhooks.test.ts',
    named: /all lines of an order/,
  },
  {
    name: 'an earlier version of a customer replaces a later one',
    edits: [
      {
        file: 'app/adapters/db/customers.repository.server.ts',
        find: '       WHERE customers.updated_at <= excluded.updated_at`,',
        replace: '       WHERE customers.updated_at IS NOT NULL`,',
      },
    ],
    test: 'test/services/sync/malformed-file.test.ts',
    named: /earlier version of a customer/,
  },
  {
    name: 'a token is used until its very end',
    edits: [{ file: 'app/adapters/shopify/offline-token.server.ts', find: '> REFRESH_AHEAD_MS);', replace: '> REFRESH_AHEAD_MS * 0);' }],
    test: 'test/adapters/shopify/offline-token.test.ts',
    named: /replaced before it ends/,
  },
  {
    name: 'what an order is still owed is not compared',
    edits: [{ file: ORDERS, find: "differIn(ORDER_DETAILS, 'o', 't')", replace: "differIn(ORDER_DETAILS.filter((column) => column !== 'outstanding_minor'), 'o', 't')" }],
    test: 'test/services/sync/reconcile/reconcile.test.ts',
    named: /each figure/,
  },
  {
    name: 'a redacted customer keeps their invite',
    edits: [{ file: REDACTION, find: '  await forgetInvite(db, shop, customerId);\n', replace: '  void forgetInvite;\n' }],
    test: 'test/promises/p1-customer-redacted.test.ts',
    named: /P1/,
  },
  {
    name: 'an answer to one customer holds the orders of another',
    edits: [{ file: 'app/services/privacy/record-data-request.server.ts', find: '...(customerId === null ? {} : { customerId: null }) };', replace: '};' }],
    test: 'test/promises/p4-data-request.test.ts',
    named: /somebody else/,
  },
  {
    name: 'the file of tombstones ends after its first page',
    edits: [{ file: 'app/services/privacy/export-tombstones.server.ts', find: '    if (page.length < PAGE_ROWS || !last) break;\n', replace: '    if (page.length <= PAGE_ROWS || !last) break;\n' }],
    test: 'test/promises/p3-nobody-comes-back.test.ts',
    named: /however many/,
  },
  {
    name: 'tombstones are known by the number of a shop alone',
    edits: [{ file: 'app/services/privacy/replay-tombstones.server.ts', find: 'line.shopId === shopId && hash.equals(line.domainHash));', replace: 'line.shopId === shopId && hash.length > 0);' }],
    test: 'test/promises/p3-nobody-comes-back.test.ts',
    named: /number of another/,
  },
  {
    name: 'a table is in no backup',
    edits: [{ file: 'app/adapters/backup/dump-database.server.ts', find: "'rate_limits'];", replace: "'rate_limits', 'loyalty_notes'];" }],
    test: 'test/promises/o1-restore.test.ts',
    named: /O1/,
  },
  {
    name: 'a restored database does not hold its owner back',
    edits: [
      {
        file: 'app/adapters/backup/restore-database.server.ts',
        find: '    for (const table of forced) await client.query(`ALTER TABLE ${pg.escapeIdentifier(table)} FORCE ROW LEVEL SECURITY`);\n',
        replace: '    void forced;\n',
      },
    ],
    test: 'test/promises/o1-restore.test.ts',
    named: /O1/,
  },
  {
    name: 'a reward that waited is sent again after a restore',
    edits: [{ file: SETTLING, find: 'UPDATE loyalty_redemptions SET attempts = greatest(attempts, 1),', replace: 'UPDATE loyalty_redemptions SET' }],
    test: 'test/adapters/db/idempotency-keys.test.ts',
    named: /looks a reward up/,
  },
  {
    name: 'a mark that Shopify keeps counts as taken away',
    edits: [{ file: 'app/adapters/shopify/customer-metafields.server.ts', find: "userErrors.length === 0 ? 'done' : 'refused'", replace: "userErrors.length >= 0 ? 'done' : 'refused'" }],
    test: 'test/services/segments/native-segments.test.ts',
    named: /does not let go/,
  },
  {
    name: 'a metafield of points that Shopify keeps counts as taken away',
    edits: [{ file: 'app/adapters/shopify/customer-metafields.server.ts', find: "const answer = userErrors.length === 0 ? 'done' : 'refused';", replace: "const answer = userErrors.length >= 0 ? 'done' : 'refused';" }],
    test: 'test/services/loyalty/traces/trace-troubles.test.ts',
    named: /does not let go/,
  },
  {
    name: 'a pull that failed counts as the repair',
    edits: [{ file: 'app/services/sync/reconcile/repair-differences.server.ts', find: "isComplete: pull === 'completed'", replace: 'isComplete: true' }],
    test: 'test/services/sync/reconcile/reconcile-faults.test.ts',
    named: /nothing counts as repaired/,
  },
  {
    name: 'a key may be gone and nobody is told',
    edits: [{ file: 'app/adapters/db/checks/schema-rules.server.ts', find: "'tombstones_pkey', ", replace: '' }],
    test: 'test/adapters/db/idempotency-keys.test.ts',
    named: /each key that is gone/,
  },
  {
    name: 'a restored database counts from one again',
    edits: [{ file: 'app/adapters/backup/restore-database.server.ts', find: '    await setSequences(client, manifest);\n', replace: '    void setSequences;\n' }],
    test: 'test/adapters/backup/restore-database.test.ts',
    named: /gives away no number/,
  },
  {
    name: 'the end of a backup is not sealed',
    edits: [{ file: 'app/adapters/backup/sealed-file.server.ts', find: 'Buffer.concat([this.#binding, nonce, Buffer.of(isLast ? 1 : 0)])', replace: 'Buffer.concat([this.#binding, nonce])' }],
    test: 'test/adapters/backup/sealed-file.test.ts',
    named: /end that was moved/,
  },
  {
    name: 'the age of the youngest webhook is told as that of the oldest',
    edits: [{ file: 'prisma/migrations/20261122180000_segment_write_gauge/migration.sql', find: 'p_now - min(received_at)', replace: 'p_now - max(received_at)' }],
    test: 'test/routes/probes-and-metrics.test.ts',
    named: /waits longest/,
  },
  {
    name: 'an order that was deleted counts as missed',
    edits: [{ file: 'app/services/sync/reconcile/check-freshness.server.ts', find: "tombstones.has('order', id) || ours?.isDeleted || ", replace: '' }],
    test: 'test/services/sync/reconcile/reconcile-schedule.test.ts',
    named: /misses no order/,
  },
  {
    name: 'the library of Shopify says all that it knows',
    edits: [{ file: 'app/logging/shopify-library-log.server.ts', find: 'LogSeverity.Error,', replace: 'LogSeverity.Debug,' }],
    test: 'test/logging/shopify-library-log.test.ts',
    named: /errors alone/,
  },
  {
    name: 'an error of the library of Shopify is written down whole',
    edits: [{ file: 'app/logging/shopify-library-log.server.ts', find: 'scrubText(message)', replace: 'message' }],
    test: 'test/logging/shopify-library-log.test.ts',
    named: /errors alone/,
  },
];
