/**
 * Extensions run on many origins and bring no cookies: what lets them in is the token alone. No answer is kept by a browser,
 * not even for a moment: its address names nobody, so that the next one who signs in there would be shown somebody else's
 * points or code; and what it says changes with a tap on another page, an order or the merchant's words. What may be kept is
 * kept by us, where it is known whose it is and as of when: a program by its version, who is in a segment by the hour. The
 * preflight alone is the same for everybody, and browsers keep it for two hours.
 */
export const EXTENSION_HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type',
  'Access-Control-Expose-Headers': 'Retry-After',
  'Access-Control-Max-Age': '7200',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};
