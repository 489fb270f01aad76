const GID_TAIL = /^gid:\/\/shopify\/[A-Za-z]+\/(\d+)(?:\?.*)?$/;

// What a bigint column holds; an id beyond it would fail the whole batch that it comes in.
const MAX_ID = 2n ** 63n - 1n;

/** `gid://shopify/Order/7` to 7n. Null for anything that is not a Shopify id with a numeric tail of 63 bits. */
export function numericId(gid: string): bigint | null {
  const tail = GID_TAIL.exec(gid)?.[1];
  const id = tail === undefined ? null : BigInt(tail);
  return id === null || id > MAX_ID ? null : id;
}

/** The same, for ids that Shopify gave us itself: anything else is a broken promise and throws. */
export function requireNumericId(gid: string): bigint {
  const id = numericId(gid);
  if (id === null) throw new Error(`Not a Shopify id with a number: ${gid.slice(0, 80)}`);
  return id;
}

export function gidOf(type: string, id: bigint): string {
  return `gid://shopify/${type}/${id}`;
}
