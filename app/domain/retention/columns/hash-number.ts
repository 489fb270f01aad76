const TWO_TO_32 = 4_294_967_296;

/** 32 bits of a whole number: Murmur3's finish over its two halves, because Shopify's ids have patterns in their low bits. */
export function hashNumber(value: number): number {
  let hash = (value >>> 0) ^ Math.imul(Math.floor(value / TWO_TO_32) | 0, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
