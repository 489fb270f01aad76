const GID_TAIL = /^gid:\/\/shopify\/[A-Za-z]+\/(\d+)(?:\?.*)?$/;

/** `gid://shopify/Order/7` to 7n. Null for anything that is not a Shopify id with a numeric tail. */
export function numericId(gid: string): bigint | null {
  const tail = GID_TAIL.exec(gid)?.[1];
  return tail === undefined ? null : BigInt(tail);
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
