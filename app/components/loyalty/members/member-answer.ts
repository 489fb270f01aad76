/** What the member's page is told of what it asked to be done. */
export type MemberAnswer =
  | { readonly outcome: 'adjusted' }
  | { readonly outcome: 'excluded' | 'included' }
  | { readonly outcome: 'refused'; readonly reason: 'unknown-member' | 'no-program' | 'already-over' | 'over-limit' | 'over-own-limit' | 'not-allowed' | 'not-confirmed' | 'other-request' | 'failed' };
