import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import type { SeededRandom } from '#test/simulator/store/seeded-random.ts';

/** Orders as a store has them, by time and so by id; one entry an order. Same seed and count, same orders. */
export interface GeneratedOrders {
  readonly count: number;
  readonly instantSeconds: Uint32Array;
  /** -1 for a guest. */
  readonly customers: Int32Array;
  readonly valuesMinor: Uint32Array;
  /** Places in the lists below; 0 of the discount codes is none. */
  readonly countries: Uint8Array;
  readonly provinces: Uint8Array;
  readonly channels: Uint8Array;
  readonly discountCodes: Uint8Array;
}

/** Clocks change twice a year here, on other days than in most of the countries that customers are in. */
export const TIME_ZONE = 'America/New_York';
export const CURRENCY = 'USD';
/** The report's as-of day is a day before the last orders, so that every query has a window's end to keep to. */
export const AS_OF = '2026-10-31';
const FROM_SECONDS = Date.UTC(2022, 10, 1) / 1000;
const TO_SECONDS = Date.UTC(2026, 10, 2) / 1000;

export const COUNTRIES = [
  'US', 'CA', 'GB', 'DE', 'FR', 'AU', 'NL', 'ES', 'IT', 'SE', 'DK', 'NO', 'CH', 'AT', 'BE',
  'IE', 'JP', 'NZ', 'PL', 'PT', 'FI', 'MX', 'BR', 'SG', 'HK', 'KR', 'IL', 'AE', 'CZ', 'GR',
] as const;
/** About one customer in thirteen is from here. */
export const DRILL_COUNTRY = 'DE';
export const PROVINCES_A_COUNTRY = 6;
export const CHANNELS = ['web', 'pos', 'shop', 'instagram', 'google', 'shopify_draft_order'] as const;
export const DISCOUNT_CODES = ['', ...Array.from({ length: 40 }, (_, index) => `SAVE${10 + index}`)] as const;

const GUEST_SHARE = 0.05;
const OTHER_COUNTRY_SHARE = 0.02;
const DAY_SECONDS = 86_400;

/** Shopify's ids are large, rise with time and have gaps. */
export const orderIdAt = (order: number): number => 6_100_000_000_000 + order * 7;
export const customerIdOf = (customer: number): number => 7_200_000_000_000 + customer * 11;

interface Draft {
  random: SeededRandom;
  countryThresholds: Float64Array;
  orders: GeneratedOrders;
  length: number;
}

/**
 * About 3.3 orders a customer, half of them with one order and the busiest with hundreds; a growing store. Each customer
 * has a mean gap of their own and leaves after an order by a chance of their own.
 */
export function generateOrders(count: number, seed = 11): GeneratedOrders {
  const draft = { random: seededRandom(seed), countryThresholds: countryThresholds(), orders: roomFor(count), length: 0 };
  for (let customer = 0; draft.length < count; ) {
    if (draft.random.next() < GUEST_SHARE * 3) addOrder(draft, -1, { seconds: arrival(draft), country: countryOf(draft), meanMinor: 5_000 });
    else {
      addCustomer(draft, customer);
      customer += 1;
    }
  }
  return byTime(draft.orders);
}

function roomFor(count: number): GeneratedOrders {
  return {
    count,
    instantSeconds: new Uint32Array(count),
    customers: new Int32Array(count),
    valuesMinor: new Uint32Array(count),
    countries: new Uint8Array(count),
    provinces: new Uint8Array(count),
    channels: new Uint8Array(count),
    discountCodes: new Uint8Array(count),
  };
}

function addCustomer(draft: Draft, customer: number): void {
  const { random } = draft;
  const country = countryOf(draft);
  const meanMinor = 2_000 + 3_000 * random.exponential();
  const meanGapSeconds = DAY_SECONDS * (8 + 70 * random.exponential());
  const leaves = random.next() ** 1.15;
  let seconds = arrival(draft);
  while (seconds < TO_SECONDS && draft.length < draft.orders.count) {
    const bought = random.next() < OTHER_COUNTRY_SHARE ? countryOf(draft) : country;
    addOrder(draft, customer, { seconds, country: bought, meanMinor });
    if (random.next() < leaves) return;
    // Some buy twice on a day.
    const gap = random.next() < 0.03 ? 3_600 * random.next() : meanGapSeconds * random.exponential();
    seconds = Math.floor(seconds + 1 + gap);
  }
}

function addOrder(draft: Draft, customer: number, { seconds, country, meanMinor }: { seconds: number; country: number; meanMinor: number }): void {
  const { random, orders, length } = draft;
  orders.instantSeconds[length] = seconds;
  orders.customers[length] = customer;
  // Some orders are free.
  orders.valuesMinor[length] = random.next() < 0.01 ? 0 : Math.floor(500 + meanMinor * random.exponential());
  orders.countries[length] = country;
  orders.provinces[length] = Math.floor(random.next() * PROVINCES_A_COUNTRY);
  orders.channels[length] = Math.floor(random.next() ** 3 * CHANNELS.length);
  orders.discountCodes[length] = random.next() < 0.25 ? 1 + Math.floor(random.next() ** 2 * (DISCOUNT_CODES.length - 1)) : 0;
  draft.length += 1;
}

/** More of them later. */
function arrival({ random }: Draft): number {
  return Math.floor(FROM_SECONDS + (TO_SECONDS - FROM_SECONDS) * random.next() ** 0.7);
}

function countryThresholds(): Float64Array {
  let sum = 0;
  const sums = Float64Array.from(COUNTRIES, (_, place) => (sum += 1 / (place + 1)));
  return sums.map((reached) => reached / sum);
}

function countryOf({ random, countryThresholds: thresholds }: Draft): number {
  const at = random.next();
  let country = 0;
  while (country < thresholds.length - 1 && (thresholds[country] ?? NaN) <= at) country += 1;
  return country;
}

/** Sorted as whole numbers of a second and a place: 27 bits of seconds since the beginning and 26 of places. */
function byTime(orders: GeneratedOrders): GeneratedOrders {
  const room = 2 ** 26;
  const keys = new Float64Array(orders.count);
  for (let i = 0; i < keys.length; i += 1) keys[i] = ((orders.instantSeconds[i] ?? NaN) - FROM_SECONDS) * room + i;
  keys.sort();
  const sorted = roomFor(orders.count);
  for (let i = 0; i < keys.length; i += 1) {
    const from = (keys[i] ?? NaN) % room;
    sorted.instantSeconds[i] = orders.instantSeconds[from] ?? NaN;
    sorted.customers[i] = orders.customers[from] ?? NaN;
    sorted.valuesMinor[i] = orders.valuesMinor[from] ?? NaN;
    sorted.countries[i] = orders.countries[from] ?? NaN;
    sorted.provinces[i] = orders.provinces[from] ?? NaN;
    sorted.channels[i] = orders.channels[from] ?? NaN;
    sorted.discountCodes[i] = orders.discountCodes[from] ?? NaN;
  }
  return sorted;
}
