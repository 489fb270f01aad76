/**
 * What `GET /api/shopper/order?orderId=&locale=` tells the thank-you and order-status blocks beside the next order's code.
 * Published extensions outlive our deploys: the shape only grows, and a reader passes over a state that it does not know.
 */
export interface OrderThanks {
  points: OrderPoints;
  account: AccountStep;
  /** What the merchant wrote instead of our words, in the asked locale: key of the surface's words to text. */
  texts?: Record<string, string>;
}

export type OrderPoints = OrderPointsPending | OrderPointsNone | OrderPointsReady;

/** The order is not known yet, or nobody has come to its points. */
export interface OrderPointsPending {
  state: 'pending';
  /** When to ask again. */
  retryAfterMs: number;
  /** True once it is certain that points come and only their number is not known; before that, nobody may be told of them. */
  isPromised?: boolean;
}

/** Nothing to tell: no program, an order that earns nothing, somebody else's order. */
export interface OrderPointsNone {
  state: 'none';
}

export interface OrderPointsReady {
  state: 'ready';
  /** What the order gave, after refunds; for a guest, what it would give to a member. */
  points: number;
  /** `claimable`: a guest's, given once they have an account. */
  standing: 'pending' | 'spendable' | 'claimable';
  /** ISO 8601 in UTC: when pending points become spendable; null where they are, or where it is not known yet. */
  spendableFrom: string | null;
  /** Only for a signed-in buyer. */
  balancePoints: number | null;
}

/**
 * `none`: nothing to do or not to be told. `invite`: a legacy account that is not activated, and an e-mail that we may have
 * sent at the buyer's wish. `invited`: it is on its way or was sent. `sign-in`: the way into a new customer account.
 */
export type AccountStep =
  | { state: 'none' }
  | { state: 'invite'; welcomePoints: number | null }
  | { state: 'invited' }
  | { state: 'sign-in'; url: string; welcomePoints: number | null };
