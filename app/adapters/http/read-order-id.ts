// The thank-you page calls an order OrderIdentity and the order-status page calls it Order; the number is the same.
const ORDER_ID = /^(?:gid:\/\/shopify\/(?:OrderIdentity|Order)\/)?([1-9]\d{0,18})$/;
const LARGEST_ID = 9_223_372_036_854_775_807n;

/** The order that an extension asks about; null for what is none. */
export function readOrderId(text: string): bigint | null {
  const digits = ORDER_ID.exec(text)?.[1];
  if (digits === undefined) return null;
  const orderId = BigInt(digits);
  return orderId <= LARGEST_ID ? orderId : null;
}
