import { readOrderId } from '#app/adapters/http/read-order-id.ts';
import type { Result } from '#app/domain/result.ts';

type Read<Value> = Result<Value, { reason: 'malformed' }>;

const MALFORMED = { ok: false, reason: 'malformed' } as const;
const CURRENCY = /^[A-Z]{3}$/;
const SEQUENCE = /^[1-9]\d{0,8}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** `?currency=USD`; null where it is left out. */
export function readShopperCurrency(request: Request): Read<string | null> {
  return readOne(request, 'currency', (text) => (CURRENCY.test(text) ? text : null));
}

/** `?before=42`; null for the first page. */
export function readBefore(request: Request): Read<number | null> {
  return readOne(request, 'before', (text) => (SEQUENCE.test(text) ? Number(text) : null));
}

/** `?id=`, a UUID. */
export function readRedemptionId(request: Request): Read<string> {
  return required(readOne(request, 'id', (text) => (UUID.test(text) ? text.toLowerCase() : null)));
}

/** `?orderId=gid://shopify/OrderIdentity/7` */
export function readOrderParameter(request: Request): Read<bigint> {
  return required(readOne(request, 'orderId', readOrderId));
}

/** A parameter that is there twice would be read by one in one way and by another in another. */
function readOne<Value>(request: Request, name: string, parse: (text: string) => Value | null): Read<Value | null> {
  const [text, ...others] = new URL(request.url).searchParams.getAll(name);
  if (others.length > 0) return MALFORMED;
  if (text === undefined) return { ok: true, value: null };
  const value = parse(text);
  return value === null ? MALFORMED : { ok: true, value };
}

function required<Value>(read: Read<Value | null>): Read<Value> {
  return read.ok && read.value !== null ? { ok: true, value: read.value } : MALFORMED;
}
