import type { PlantedFault } from './planted-fault.ts';

const ANSWER = 'app/services/privacy/record-data-request.server.ts';
const MEMBERSHIP = 'app/services/privacy/load-held-membership.server.ts';
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
];
