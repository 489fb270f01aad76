const GID_TAIL = /^gid:\/\/shopify\/[A-Za-z]+\/(\d+)(?:\?.*)?$/;

// What a bigint column holds; an id beyond it would fail the whole batch that it comes in.
const MAX_ID = 2n ** 63n - 1n;

/** `gid://shopify/Order/7` to 7n. Null for anything that is not a Shopify id with a numeric tail of 63 bits. */
export function numericId(gid: string): bigint | null {
  const usual = usualIdIn(gid);
  if (usual !== null) return BigInt(usual);
  const tail = GID_TAIL.exec(gid)?.[1];
  const id = tail === undefined ? null : BigInt(tail);
  return id === null || id > MAX_ID ? null : id;
}

const PREFIX = 'gid://shopify/';
const DIGIT_0 = 0x30;
// Any number of so many digits is a safe integer.
const USUAL_DIGITS = 15;

/**
 * The number of an id as all are by now: an import reads a dozen of them for each order, and a regular expression takes
 * several times longer. Null is for the expression to judge.
 */
function usualIdIn(gid: string): number | null {
  const slash = gid.lastIndexOf('/');
  const digits = gid.length - slash - 1;
  if (digits < 1 || digits > USUAL_DIGITS || slash <= PREFIX.length || !gid.startsWith(PREFIX)) return null;
  let id = 0;
  for (let index = slash + 1; index < gid.length; index += 1) {
    const digit = gid.charCodeAt(index) - DIGIT_0;
    if (digit < 0 || digit > 9) return null;
    id = id * 10 + digit;
  }
  for (let index = PREFIX.length; index < slash; index += 1) {
    const letter = gid.charCodeAt(index) | 0x20;
    if (letter < 0x61 || letter > 0x7a) return null;
  }
  return id;
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
