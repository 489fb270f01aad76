/** What is tried together: sources that decide something, and the tests that would have to notice. */
export interface MutationArea {
  /** Folders, or files. */
  readonly sources: readonly string[];
  /** Of those folders, what decides nothing, by how its path ends. */
  readonly leftOut: readonly string[];
  /** Without a database, in a second or two. */
  readonly tests: readonly string[];
  /** Run against what those let pass: they take ten times as long. */
  readonly databaseTests: readonly string[];
}

const POINTS = 'app/domain/loyalty';
const SHOPIFY = 'app/adapters/shopify';
const WEBHOOKS = 'app/services/sync/webhooks';

export const AREAS: Readonly<Record<string, MutationArea>> = {
  // How a program would have done is shown and decides nothing.
  points: {
    sources: [`${POINTS}/ledger`, `${POINTS}/accrual`],
    leftOut: ['simulate-program.ts', 'simulated-member.ts', 'quote-award.ts'],
    tests: ['test/domain/loyalty/{ledger,accrual,redemption,tiers}/**/!(simulate-program).test.ts', 'test/promises/l6-*.test.ts'],
    databaseTests: [],
  },
  // What decides here is tested with its services as well, which this does not run.
  rewards: {
    sources: [`${POINTS}/redemption`, `${POINTS}/tiers`],
    leftOut: [],
    tests: ['test/domain/loyalty/{redemption,tiers}/**/*.test.ts', 'test/promises/l6-*.test.ts'],
    databaseTests: [],
  },
  money: { sources: ['app/domain/money'], leftOut: [], tests: ['test/domain/money/**/*.test.ts'], databaseTests: [] },
  // Who is let in: proofs, signatures, and what is sealed.
  auth: {
    sources: [`${SHOPIFY}/proofs`, `${SHOPIFY}/webhook-request.server.ts`, `${SHOPIFY}/flow-action-request.ts`, 'app/adapters/crypto'],
    leftOut: [],
    tests: ['test/adapters/shopify/{proofs/*,webhook-request,flow-action-request}.test.ts', 'test/adapters/crypto/sealing.test.ts'],
    databaseTests: [],
  },
  // What a webhook is about, whether it is what its headers say, and in which order the inbox is worked through.
  webhook: {
    sources: ['read-inbox.server.ts', 'receive-webhook.server.ts', 'webhook-binding.ts', 'webhook-payloads.ts', 'webhook-topics.ts', 'webhook-work.server.ts', 'not-yet.ts', 'work-units.server.ts', 'postpone-webhooks.server.ts', 'handle-webhooks.server.ts'].map((name) => `${WEBHOOKS}/${name}`),
    leftOut: [],
    tests: ['test/services/sync/inbox/*.test.ts'],
    databaseTests: ['test/services/sync/webhooks/{webhooks,lost-webhooks,webhook-door}.test.ts'],
  },
};
