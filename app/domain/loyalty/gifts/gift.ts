export const GIFT_STATES = ['giving', 'completed', 'stopped', 'failed'] as const;
export type GiftState = (typeof GIFT_STATES)[number];

/** Why a gift came to no good end. Whatever was given until then stays given. */
export const GIFT_FAILURES = ['no-segment', 'not-running', 'too-many', 'scope', 'access', 'refused'] as const;
export type GiftFailure = (typeof GIFT_FAILURES)[number];

/** A slip of typing is repeated for everybody, so that it may be no larger than this. */
export const MOST_POINTS_EACH = 100_000;
/** Some ten minutes of a worker's, and a segment that nobody looks over any more. */
export const MOST_CUSTOMERS_A_GIFT = 1_000_000;

/** A gift as it is listed, and shown while it is under way. */
export interface GiftFacts {
  readonly giftId: string;
  readonly segmentId: string;
  readonly segmentName: string;
  readonly points: number;
  readonly note: string;
  readonly staffId: string;
  readonly state: GiftState;
  /** A `GiftFailure`, or what it waits for. */
  readonly errorCode: string | null;
  readonly expectedCustomers: number;
  readonly seenCustomers: number;
  readonly givenMembers: number;
  readonly excludedMembers: number;
  readonly unknownCustomers: number;
  readonly requestedAtMs: number;
  readonly finishedAtMs: number | null;
}
