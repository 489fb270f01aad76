/** What one rule does where it strikes. Every kind is something that the real Shopify or the way to it does. */

export type RequestFault =
  /** 500, 502, 503, 504: as HTML, from a proxy in front; nothing was done. */
  | { kind: 'status'; status: number }
  | { kind: 'too-many-requests'; retryAfterSeconds: number }
  | { kind: 'reset'; when: 'before' | 'after' }
  | { kind: 'hang'; when: 'before' | 'after' }
  | { kind: 'slow'; delayMs: number }
  /** 200 and a page that is no answer; nothing was done. */
  | { kind: 'html' };

export type JsonFault =
  /** The answer is compressed and ends in the middle, with a length that fits. It was done. */
  | { kind: 'truncated-gzip' }
  | { kind: 'invalid-json' };

/** Of each object that has the field, wherever it stands in the answer or in a line of a file. */
export type FieldFault =
  /** An enum value of tomorrow, or null where a value was promised. */
  | { kind: 'changed-field'; field: string; becomes: unknown }
  | { kind: 'missing-field'; field: string }
  | { kind: 'extra-field'; beside: string; field: string; value: unknown };

export type GraphqlFault =
  | RequestFault
  | JsonFault
  | FieldFault
  /** Somebody else of the same app has emptied the store's bucket: refused with its true status. */
  | { kind: 'throttled' }
  /** HTTP 200, no data, INTERNAL_SERVER_ERROR; nothing was done. */
  | { kind: 'internal-error' }
  /** Null, and an error that names the path with ACCESS_DENIED, as for protected customer data that was not granted. */
  | { kind: 'withheld'; field: string }
  /** The version in the path is no more: a later one answered. */
  | { kind: 'fallen-forward'; version: string }
  | { kind: 'deprecated'; reason: string };

export type OauthFault =
  | RequestFault
  | JsonFault
  | { kind: 'refused' }
  /** `expires_in` only, or with it that of the refresh token. */
  | { kind: 'no-expires-in'; alsoOfRefreshToken?: boolean };

/** How a bulk operation ends. `share` is the part of its roots that was written by then. */
export type BulkFault =
  | { kind: 'failed'; errorCode: 'ACCESS_DENIED' | 'INTERNAL_SERVER_ERROR' | 'TIMEOUT'; share: number }
  | { kind: 'canceled' }
  | { kind: 'expired' }
  /** COMPLETED with objects and without an address. */
  | { kind: 'no-url' }
  /** Stays RUNNING so long. */
  | { kind: 'held'; forMs: number }
  | { kind: 'no-finish-webhook' }
  /** Its webhook is taken before the mutation that started it is answered. */
  | { kind: 'finish-before-answer' };

export type BulkFileFault =
  | RequestFault
  | FieldFault
  /** 403, as after seven days. */
  | { kind: 'expired-url' }
  /** The connection breaks after this part of the file. */
  | { kind: 'cut'; share: number }
  /** This part of the file as if it were all, with a length that fits; within a line unless it says whole lines. */
  | { kind: 'short'; share: number; wholeLines?: boolean }
  | { kind: 'malformed-lines'; share: number };

export type WebhookFault =
  | { kind: 'dropped' }
  /** The same bytes and id so often; with ids of their own they are other deliveries of one event. */
  | { kind: 'duplicated'; copies: number; hasOwnIds?: boolean }
  | { kind: 'delayed'; delayMs: number }
  /** Each after a while of its own, so that they overtake each other. */
  | { kind: 'shuffled'; withinMs: number }
  /** After the true one comes another that is older by so much: its `updated_at` and `X-Shopify-Triggered-At`. */
  | { kind: 'stale'; bySeconds: number }
  /** About an object that no longer is. */
  | { kind: 'deleted-object' }
  /** The headers name another store than the body is of; the signature covers the body only. */
  | { kind: 'other-shop'; shop: string };

interface Aim {
  /** Operation of a request (`OrderById`), grant type (`refresh_token`), root of a bulk query (`orders`), or topic. */
  only?: string;
  /** Domain of one store. */
  shop?: string;
  /** Strikes at most so often. */
  first?: number;
  /** The n-th that fits, from 1. */
  nth?: number;
  /** This part of those that fit, by the seed. */
  share?: number;
}

/** Of several faults the seed chooses one each time. */
type RuleOf<Where extends string, Fault> = Aim & { where: Where; what: Fault | readonly Fault[] };

export type FaultRule =
  | RuleOf<'graphql', GraphqlFault>
  | RuleOf<'oauth', OauthFault>
  | RuleOf<'bulk', BulkFault>
  | RuleOf<'bulk-file', BulkFileFault>
  | RuleOf<'webhook', WebhookFault>;

export interface FaultsByPlace {
  graphql: GraphqlFault;
  oauth: OauthFault;
  bulk: BulkFault;
  'bulk-file': BulkFileFault;
  webhook: WebhookFault;
}

export type FaultPlace = keyof FaultsByPlace;
export type Fault = FaultsByPlace[FaultPlace];

export interface FaultPlan {
  seed?: number;
  rules: readonly FaultRule[];
}
