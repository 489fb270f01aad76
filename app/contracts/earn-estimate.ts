/**
 * `POST /api/shopper/estimate?locale=`, as JSON: the checkout as Shopify tells it to an extension. Amounts are decimals as
 * text ("29.99"), of which nothing is ever written: they are estimated from, and that is all. The shape only grows; a
 * reader passes over fields that it does not know.
 */
export interface EstimateRequest {
  /** In which the shopper pays, and which every amount is in. */
  currency: string;
  lines: EstimateLine[];
  /** What discounts take off the order as a whole; those of a line are out of its amount. */
  discounts: string[];
  /** Null while it is not known. */
  shipping: string | null;
  /** All tax, of which nobody says whether prices contain it: the total does. Null while it is not known. */
  tax: string | null;
  total: string;
}

export interface EstimateLine {
  /** `gid://shopify/Product/7`; null for a line of no product. */
  productId: string | null;
  amount: string;
  /** Of what is not sent it has to be asked whether it is a gift card, which earns nothing. */
  isSent: boolean;
}

/** What the order will give, by the function that will give it. A reader passes over a state that it does not know. */
export type EarnEstimate = EarnEstimateNone | EarnEstimateKnown;

/** Nothing, or nothing that could be told for certain. */
export interface EarnEstimateNone {
  state: 'none';
}

export interface EarnEstimateKnown {
  state: 'known';
  /** Above 0; for `you` with those for a first order. */
  points: number;
  /** `members`: whoever asks is not signed in, and gets them only as a member. */
  who: 'you' | 'members';
  /** What the merchant wrote instead of our words, in the asked locale: key of the surface's words to text. */
  texts: Record<string, string>;
}
