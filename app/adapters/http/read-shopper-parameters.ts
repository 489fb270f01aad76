import { readOrderId } from '#app/adapters/http/read-order-id.ts';
import type { Result } from '#app/domain/result.ts';
import { findShopperLocale, findSurface } from '#app/domain/texts/surfaces.ts';
import type { ShopperLocale, Surface } from '#app/domain/texts/surfaces.ts';

type Read<Value> = Result<Value, { reason: 'malformed' }>;

const MALFORMED = { ok: false, reason: 'malformed' } as const;
const CURRENCY = /^[A-Z]{3}$/;
const SEQUENCE = /^[1-9]\d{0,8}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** `?currency=USD`; null where it is left out. */
export function readShopperCurrency(request: Request): Read<string | null> {
  return readOne(request, 'currency', (text) => (CURRENCY.test(text) ? text : null));
}

/**
 * `?locale=de-CH` and, where a route answers several surfaces, `?surface=profile`. Null where no own texts can be meant:
 * an older surface names neither, and a newer one may name what we do not know. Neither is a reason to answer nothing.
 */
export function readTextsPlace(request: Request, ofRoute: Surface | null): { surface: Surface; locale: ShopperLocale } | null {
  const parameters = new URL(request.url).searchParams;
  const locale = findShopperLocale(parameters.get('locale') ?? '');
  const surface = ofRoute ?? findSurface(parameters.get('surface') ?? '');
  return locale === null || surface === null ? null : { surface, locale };
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
