import type { PlantedFault } from './planted-fault.ts';

const ANSWER = 'app/services/privacy/record-data-request.server.ts';
const MEMBERSHIP = 'app/services/privacy/load-held-membership.server.ts';
const PERIODS = 'app/services/privacy/retention-periods.ts';
const BLOCKS = 'test/routes/api/admin-blocks.test.ts';
const KEPT = 'test/services/privacy/retention-periods.test.ts';
const P4 = 'test/promises/p4-data-request.test.ts';

/** Of what outsiders ask and operators read: each was planted by a hostile hand, and no test of that day noticed. */
export const SURVIVED_OUTSIDE_FAULTS: readonly PlantedFault[] = [
  {
    name: 'an e-mail that was refused is told as sent',
    edits: [{ file: ANSWER, find: "state === 'sent' ? settledAt : null", replace: 'settledAt' }],
    test: P4,
    named: /no kind of record/,
  },
  {
    name: 'what Flow was never told of is told as if it had been',
    edits: [{ file: MEMBERSHIP, find: "state === 'told' ? settledAt : null", replace: 'settledAt' }],
    test: P4,
    named: /no kind of record/,
  },
  {
    name: 'an outage lets in again whom Shopify knows no more',
    edits: [{ file: 'app/services/staff/identify-staff.server.ts', find: "known !== null && known.refusedAtMs !== null ? 'refused' : 'unavailable'", replace: "'unavailable'" }],
    test: 'test/services/staff/permissions.test.ts',
    named: /knows no more/,
  },
  {
    name: 'a state that nothing is in any more is told for ever',
    edits: [{ file: 'app/adapters/metrics/expose-metrics.server.ts', find: '  target.reset();\n', replace: '' }],
    test: 'test/routes/probes-and-metrics.test.ts',
    named: /nothing is in any more/,
  },
  {
    name: 'rows that are hidden from a role are left out of its backup',
    edits: [{ file: 'app/adapters/backup/dump-database.server.ts', find: "    await client.query('SET row_security = off');\n", replace: '' }],
    test: 'test/adapters/backup/restore-database.test.ts',
    named: /rows are hidden/,
  },
  {
    name: 'an action of a workflow may be sixty-four megabytes',
    edits: [{ file: 'app/http/flow-endpoint.server.ts', find: '64 * 1024;', replace: '64 * 1024 * 1024;' }],
    test: 'test/routes/flow.add-points.test.ts',
    named: /more than Flow ever sends/,
  },
  {
    name: 'trouble at Shopify locks the staff out of a block',
    edits: [{ file: 'app/http/staff-endpoint.server.ts', find: 'thrown instanceof Response && thrown.status < 500', replace: 'thrown instanceof Response' }],
    test: BLOCKS,
    named: /gives no access/,
  },
  {
    name: 'a shop without a program gets members',
    edits: [{ file: 'app/services/admin-blocks/adjust-customer-points.server.ts', find: "=== null) return { ok: false, reason: 'no-program' };", replace: "=== undefined) return { ok: false, reason: 'no-program' };" }],
    test: BLOCKS,
    named: /without a program/,
  },
  {
    name: 'who is waited for too long has no orders',
    edits: [{ file: 'app/services/admin-blocks/get-outlook.server.ts', find: "if (found === 'late') return COMPUTING;", replace: "if (found === 'late') return { state: 'no-orders' };" }],
    test: BLOCKS,
    named: /still computing/,
  },
  {
    name: 'bodies of webhooks that were given up are kept for years',
    edits: [{ file: PERIODS, find: '  deadWebhook: 60,', replace: '  deadWebhook: 600,' }],
    test: KEPT,
    named: /deadWebhook/,
  },
  {
    name: 'who opened personal data is forgotten after a month',
    edits: [{ file: PERIODS, find: '  access: 365,', replace: '  access: 36,' }],
    test: KEPT,
    named: /access/,
  },
  {
    name: 'a shop that left is forgotten within days',
    edits: [{ file: PERIODS, find: '  shopThatLeft: 30,', replace: '  shopThatLeft: 3,' }],
    test: KEPT,
    named: /shopThatLeft/,
  },
  {
    name: 'a workflow ends where the database was away for a moment',
    edits: [{ file: 'app/http/flow-endpoint.server.ts', find: "answer(503, { error: 'Perennial cannot", replace: "answer(422, { error: 'Perennial cannot" }],
    test: 'test/routes/flow.add-points.test.ts',
    named: /come again while/,
  },
];
