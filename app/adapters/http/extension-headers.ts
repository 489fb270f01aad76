/** Extensions run on many origins and bring no cookies: what lets them in is the token alone. */
export const EXTENSION_HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type',
  'Access-Control-Expose-Headers': 'Retry-After',
  'Access-Control-Max-Age': '7200',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};
