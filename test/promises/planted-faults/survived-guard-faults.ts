import type { PlantedFault } from './planted-fault.ts';

const LIMITS = 'app/http/request-limits.server.ts';
const LIMITER = 'app/adapters/rate-limit/rate-limiter.server.ts';
const RESTORE = 'app/adapters/backup/restore-database.server.ts';
const RULES = 'app/adapters/db/checks/schema-rules.server.ts';
const FORGETTING = 'app/adapters/db/loyalty/forget-member.server.ts';
const ANSWER = 'app/services/privacy/record-data-request.server.ts';
const MEMBERSHIP = 'app/services/privacy/load-held-membership.server.ts';
const REPLAY = 'app/services/privacy/replay-tombstones.server.ts';
const DROPPING = 'app/services/privacy/drop-webhooks.server.ts';
const UPKEEP = 'app/services/operations/keep-up.server.ts';
const PUBLIC = 'app/adapters/http/public-address.ts';

const A9 = 'test/promises/a9-limits.test.ts';
const P3 = 'test/promises/p3-nobody-comes-back.test.ts';
const P4 = 'test/promises/p4-data-request.test.ts';

/** Of who is let in, what is kept private and what comes back: each was planted by a hostile hand, and no test noticed. */
export const SURVIVED_GUARD_FAULTS: readonly PlantedFault[] = [
  {
    name: 'a foreign key may be gone and nobody is told',
    edits: [{ file: RULES, find: "'tombstones_shop_id_fkey', ", replace: '' }],
    test: 'test/adapters/db/idempotency-keys.test.ts',
    named: /each foreign key that is gone/,
  },
  {
    name: 'a trigger may be gone and nobody is told',
    edits: [{ file: RULES, find: "'loyalty_exclusions_stay', ", replace: '' }],
    test: 'test/adapters/db/idempotency-keys.test.ts',
    named: /each trigger that does not fire/,
  },
  {
    name: 'a network of addresses that stand for others counts as public',
    edits: [{ file: PUBLIC, find: "['2001::', 23], ", replace: '' }],
    test: 'test/adapters/http/guarded-fetch.test.ts',
    named: /is not one from 2001::/,
  },
  {
    name: 'half of a private network counts as public',
    edits: [{ file: PUBLIC, find: "['172.16.0.0', 12]", replace: "['172.16.0.0', 13]" }],
    test: 'test/adapters/http/guarded-fetch.test.ts',
    named: /is not one from 172\.16\.0\.0/,
  },
  {
    name: 'an answer says nothing of where its address may be told',
    edits: [{ file: 'app/adapters/http/default-headers.server.ts', find: "  response.setHeader('Referrer-Policy', 'strict-origin-when-cross-origin');\n", replace: '' }],
    test: 'test/adapters/http/default-headers.test.ts',
    named: /nothing else is said/,
  },
  {
    name: 'an issuer in capitals is nobody',
    edits: [{ file: 'app/adapters/shopify/proofs/session-token.server.ts', find: 'myshopify\\.com)/i.exec', replace: 'myshopify\\.com)/.exec' }],
    test: 'test/adapters/shopify/proofs/session-token.test.ts',
    named: /of a buyer lets nobody in/,
  },
  {
    name: 'a request’s id is whatever its caller wrote',
    edits: [{ file: 'app/logging/request-id.server.ts', find: "typeof header === 'string' && /^[\\w.-]{8,64}$/.test(header) ? header", replace: "typeof header === 'string' ? header" }],
    test: 'test/logging/request-id.test.ts',
    named: /does not belong into a log/,
  },
  {
    name: 'a request is counted by its whole address',
    edits: [{ file: 'app/adapters/http/route-pattern.server.ts', find: "return `/${path}`.replaceAll(/\\/+/g, '/');", replace: 'return path && pathname;' }],
    test: 'test/adapters/metrics/observe-response.test.ts',
    named: /pattern of its route/,
  },
  {
    name: 'who hung up counts as answered',
    edits: [{ file: 'app/adapters/metrics/observe-response.server.ts', find: 'response.writableFinished ? response.statusCode : CLIENT_GONE', replace: 'response.writableFinished ? response.statusCode : CLIENT_GONE - 299' }],
    test: 'test/adapters/metrics/observe-response.test.ts',
    named: /hung up on/,
  },
  {
    name: 'customers at one address are no end of callers',
    edits: [{ file: LIMITS, find: "['buyer-address', address], ", replace: '' }],
    test: A9,
    named: /one address pays/,
  },
  {
    name: 'a shop’s customers may ask all that there is',
    edits: [{ file: LIMITS, find: ", ['buyer-shop', shopDomain]", replace: '' }],
    test: A9,
    named: /one shop pays for its customers/,
  },
  {
    name: 'whoever is signed in at a storefront costs its shop nothing',
    edits: [{ file: LIMITS, find: '`${shopDomain} ${customerId}`], ...ofShop]', replace: '`${shopDomain} ${customerId}`]]' }],
    test: A9,
    named: /signed in at its storefront/,
  },
  {
    name: 'a block in the admin is a stranger',
    edits: [{ file: LIMITS, find: " && !path.startsWith('/api/admin/')", replace: '' }],
    test: A9,
    named: /blocks in its admin/,
  },
  {
    name: 'a load balancer that asks often is told to wait',
    edits: [{ file: LIMITS, find: "['/healthz', '/livez', '/readyz']", replace: "['/healthz', '/livez']" }],
    test: A9,
    named: /load balancer pays for nothing/,
  },
  {
    name: 'a limit’s window grows with each request',
    edits: [{ file: LIMITER, find: 'THEN excluded.expire ELSE l.expire END', replace: 'THEN excluded.expire ELSE excluded.expire END' }],
    test: A9,
    named: /begins a window/,
  },
  {
    name: 'whom a limit refuses goes on costing the database',
    edits: [{ file: LIMITER, find: '        for (const { leftMs, ...charge } of refused) refusals.note(keyOf(charge), leftMs);\n', replace: '' }],
    test: A9,
    named: /begins a window/,
  },
  {
    name: 'the clearing of limits takes those that go on',
    edits: [{ file: LIMITER, find: 'expire < ${NOW_MS} - 3600000', replace: 'expire < ${NOW_MS} + 3600000' }],
    test: A9,
    named: /begins a window/,
  },
  {
    name: 'limits that ended are never cleared',
    edits: [{ file: LIMITER, find: 'this.#charges % this.#chargesAClearing === 0', replace: 'this.#charges === this.#chargesAClearing - 1e6' }],
    test: A9,
    named: /begins a window/,
  },
  {
    name: 'the tables of a backup are of different moments',
    edits: [{ file: 'app/adapters/backup/dump-database.server.ts', find: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', replace: 'BEGIN READ ONLY' }],
    test: 'test/adapters/backup/restore-database.test.ts',
    named: /of one moment/,
  },
  {
    name: 'a backup is restored into another version',
    edits: [{ file: RESTORE, find: '        await requireMigrations(client, begin);\n', replace: '        void requireMigrations;\n' }],
    test: 'test/adapters/backup/restore-database.test.ts',
    named: /of another version/,
  },
  {
    name: 'restored rows are not compared',
    edits: [{ file: RESTORE, find: '    await compare(client, filled, manifest);\n', replace: '    void compare;\n' }],
    test: 'test/adapters/backup/restore-database.test.ts',
    named: /other rows than were read/,
  },
  {
    name: 'what Flow was told of is kept for ever',
    edits: [{ file: UPKEEP, find: '    await forgetFlowEvents(db, shop, until(KEPT_DAYS.flowEvent));\n', replace: '    void forgetFlowEvents;\n' }],
    test: 'test/services/operations/keep-up.test.ts',
    named: /what Flow was told of/,
  },
  {
    name: 'runs of writing a segment are kept for years',
    edits: [{ file: UPKEEP, find: 'runsUntil: until(KEPT_DAYS.segmentRun)', replace: 'runsUntil: until(KEPT_DAYS.segmentRun * 100)' }],
    test: 'test/services/operations/keep-up.test.ts',
    named: /runs of writing a segment/,
  },
  {
    name: 'an answer does not tell the birthday',
    edits: [{ file: MEMBERSHIP, find: 'claimedAt: true, birthday: true', replace: 'claimedAt: true' }],
    test: P4,
    named: /no kind of record/,
  },
  {
    name: 'an answer leaves out points that are still to come',
    edits: [{ file: MEMBERSHIP, find: "in: ['customer', 'pending']", replace: "in: ['customer']" }],
    test: P4,
    named: /no kind of record/,
  },
  {
    name: 'a guest is told the codes of others',
    edits: [{ file: ANSWER, find: 'discounts.filter((discount) => customerId !== null && discount.customerId === customerId)', replace: 'discounts' }],
    test: P4,
    named: /nobody else’s/,
  },
  {
    name: 'an answer hides that it leaves orders out',
    edits: [{ file: ANSWER, find: '(await db.order.count({ where })) - orders.length', replace: '0 * (await db.order.count({ where }))' }],
    test: 'test/services/privacy/many-orders.test.ts',
    named: /more orders than a statement/,
  },
  {
    name: 'webhooks of a redacted customer that were given up stay',
    edits: [{ file: DROPPING, find: ", { state: 'dead', topic: { in: Object.keys(CUSTOMERS_IN) } }]", replace: ']' }],
    test: 'test/services/sync/webhooks/privacy-webhooks.test.ts',
    named: /that were given up/,
  },
  {
    name: 'a merge that was given up names who went up in another',
    edits: [{ file: DROPPING, find: 'return [numericId(keptGid), numericId(deletedGid)];', replace: 'return [numericId(keptGid)].filter(() => deletedGid.length > 0);' }],
    test: 'test/services/sync/webhooks/privacy-webhooks.test.ts',
    named: /that were given up/,
  },
  {
    name: 'an answer that no key opens is kept',
    edits: [
      {
        file: 'app/services/privacy/drop-answers.server.ts',
        find: "if (orderIds !== 'unreadable' && !orderIds.some(isMeant)) continue;",
        replace: "if (orderIds === 'unreadable' || !orderIds.some(isMeant)) continue;",
      },
    ],
    test: 'test/services/sync/webhooks/privacy-webhooks.test.ts',
    named: /no key opens/,
  },
  {
    name: 'a redacted member keeps their birthday',
    edits: [{ file: FORGETTING, find: 'welcomeDueAt: null, birthday: null, birthdayKnownAt: null,', replace: 'welcomeDueAt: null,' }],
    test: 'test/promises/p1-customer-redacted.test.ts',
    named: /P1/,
  },
  {
    name: 'a redacted member keeps their notices',
    edits: [{ file: FORGETTING, find: '  await db.loyaltyNotice.deleteMany({ where });\n', replace: '' }],
    test: 'test/promises/p1-customer-redacted.test.ts',
    named: /P1/,
  },
  {
    name: 'who goes up in somebody forgotten keeps their notices',
    edits: [{ file: FORGETTING, find: 'DELETE FROM loyalty_notices n USING lives l WHERE n.shop_id = $1', replace: 'DELETE FROM loyalty_notices n USING lives l WHERE n.shop_id = -$1' }],
    test: 'test/services/loyalty/meanwhile.test.ts',
    named: /is forgotten with one/,
  },
  {
    name: 'who goes up in somebody forgotten keeps what Flow was told of',
    edits: [{ file: FORGETTING, find: 'DELETE FROM loyalty_flow_events f USING lives l WHERE f.shop_id = $1', replace: 'DELETE FROM loyalty_flow_events f USING lives l WHERE f.shop_id = -$1' }],
    test: 'test/services/loyalty/meanwhile.test.ts',
    named: /is forgotten with one/,
  },
  {
    name: 'a restore brings deleted orders back',
    edits: [{ file: REPLAY, find: "tombstones.has('order', id));", replace: "tombstones.has('order', -id));" }],
    test: P3,
    named: /deleted since/,
  },
  {
    name: 'a restore brings deleted customers back',
    edits: [{ file: REPLAY, find: "tombstones.has('deleted-customer', customerId)", replace: "tombstones.has('deleted-customer', -customerId)" }],
    test: P3,
    named: /deleted since/,
  },
  {
    name: 'a file of tombstones that lacks a line counts as whole',
    edits: [{ file: 'app/services/privacy/tombstone-lines.server.ts', find: "last?.is !== 'end' || last.lines !== lines.length", replace: "last?.is !== 'end'" }],
    test: P3,
    named: /deleted since/,
  },
  {
    name: 'who took a file of levels is noted as who took another',
    edits: [{ file: 'app/services/loyalty/export-loyalty.server.ts', find: "action: 'file-tiers'", replace: "action: 'file-members'" }],
    test: 'test/promises/a7-csv.test.ts',
    named: /A7/,
  },
];
