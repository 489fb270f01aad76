import type { FaultPlan, FaultRule } from './fault-rules.ts';

type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Check>>;

const text: Check = (value) => typeof value === 'string' && value !== '';
const amount: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const part: Check = (value) => typeof value === 'number' && value >= 0 && value <= 1;
const flag: Check = (value) => value === undefined || typeof value === 'boolean';
const anything: Check = () => true;
const oneOf = (...values: unknown[]): Check => (value) => values.includes(value);
const when = { when: oneOf('before', 'after') };

const requestKinds: Readonly<Record<string, Fields>> = {
  status: { status: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 400 && value <= 599 },
  'too-many-requests': { retryAfterSeconds: amount },
  reset: when,
  hang: when,
  slow: { delayMs: amount },
  html: {},
};
const jsonKinds = { 'truncated-gzip': {}, 'invalid-json': {} };
const fieldKinds = {
  'changed-field': { field: text, becomes: anything },
  'missing-field': { field: text },
  'extra-field': { beside: text, field: text, value: anything },
};

/** The kinds of each place with the fields that they need. */
const kinds: Readonly<Record<string, Readonly<Record<string, Fields>>>> = {
  graphql: {
    ...requestKinds,
    ...jsonKinds,
    ...fieldKinds,
    throttled: {},
    'internal-error': {},
    withheld: { field: text },
    'fallen-forward': { version: text },
    deprecated: { reason: text },
  },
  oauth: { ...requestKinds, ...jsonKinds, refused: {}, 'no-expires-in': { alsoOfRefreshToken: flag } },
  bulk: {
    failed: { errorCode: oneOf('ACCESS_DENIED', 'INTERNAL_SERVER_ERROR', 'TIMEOUT'), share: part },
    canceled: {},
    expired: {},
    'no-url': {},
    held: { forMs: amount },
    'no-finish-webhook': {},
    'finish-before-answer': {},
  },
  'bulk-file': {
    ...requestKinds,
    ...fieldKinds,
    'expired-url': {},
    cut: { share: part },
    short: { share: part, wholeLines: flag },
    'malformed-lines': { share: part },
  },
  webhook: {
    dropped: {},
    duplicated: { copies: amount, hasOwnIds: flag },
    delayed: { delayMs: amount },
    shuffled: { withinMs: amount },
    stale: { bySeconds: amount },
    'deleted-object': {},
    'other-shop': { shop: text },
  },
};

const aims: Fields = { only: text, shop: text, first: amount, nth: amount, share: part };

/** Reads what was sent to the control API; a sentence about the first mistake when it is no plan. */
export function parseFaultPlan(input: unknown): { ok: true; plan: FaultPlan } | { ok: false; error: string } {
  const { seed, rules } = fieldsOf(input);
  if (seed !== undefined && !amount(seed)) return { ok: false, error: 'seed must be a number >= 0.' };
  if (!Array.isArray(rules)) return { ok: false, error: 'rules must be a list.' };
  for (const [index, rule] of rules.entries()) {
    const mistake = mistakeIn(fieldsOf(rule));
    if (mistake !== null) return { ok: false, error: `Rule ${index + 1}: ${mistake}` };
  }
  // Checked field by field above.
  return { ok: true, plan: { ...(typeof seed === 'number' ? { seed } : {}), rules: rules as FaultRule[] } };
}

function mistakeIn(rule: Readonly<Record<string, unknown>>): string | null {
  const known = kinds[String(rule['where'])];
  if (!known) return `where must be one of ${Object.keys(kinds).join(', ')}.`;
  for (const [name, check] of Object.entries(aims)) {
    if (rule[name] !== undefined && !check(rule[name])) return `${name} is wrong.`;
  }
  const faults: unknown[] = Array.isArray(rule['what']) ? rule['what'] : [rule['what']];
  for (const fault of faults.map(fieldsOf)) {
    const needed = known[String(fault['kind'])];
    if (!needed) return `what.kind must be one of ${Object.keys(known).join(', ')}.`;
    const wrong = Object.entries(needed).find(([name, check]) => !check(fault[name]));
    if (wrong) return `${String(fault['kind'])} has a wrong ${wrong[0]}.`;
  }
  return faults.length === 0 ? 'what is empty.' : null;
}

function fieldsOf(input: unknown): Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null ? Object.fromEntries(Object.entries(input)) : {};
}
