import { MS_PER_24_HOURS, MS_PER_HOUR, MS_PER_SECOND } from './durations.ts';

/**
 * Calendar days in a time zone, applied by its IANA name and never by a fixed offset.
 *
 * `Intl` knows the offsets but takes microseconds to say one, so the offsets are cached in blocks of time: a block is
 * sampled once, a change between two samples is found by halving, and from then on a day costs one look-up and one
 * division. Two samples agree although the offset changed between them only when it changed twice in that time; since
 * 1990 the closest two changes of any zone in the tz database (2026c) are 6.96 days apart.
 */
const BLOCK_MS = 64 * MS_PER_24_HOURS;
const SAMPLE_MS = 4 * MS_PER_24_HOURS;
/** Further than any local midnight lies from the same midnight in UTC; local mean times went up to 15 h 56 min. */
const LARGEST_OFFSET_MS = 16 * MS_PER_HOUR;
/** Of the ECMAScript time value; beyond it `Intl` has no answer. */
const LARGEST_INSTANT_MS = 8.64e15;
/** Of a zone: some twenty years. */
const MOST_STARTS = 8_000;

/** Pieces of one block in order: from `startMs` on, local time is UTC plus `offsetMs`. */
interface OffsetPiece {
  startMs: number;
  offsetMs: number;
}

/** The calendar day (days since 1970-01-01) of an instant, in one zone. */
export type DayOfInstant = (epochMs: number) => number;

interface Zone {
  offsetMsAt: (epochMs: number) => number;
  dayOf: DayOfInstant;
  blocks: Map<number, readonly OffsetPiece[]>;
  /** Days that were asked for lately, whose first instants take twenty times as long to find as to look up. */
  starts: Map<number, number>;
}

export class UnknownTimeZoneError extends Error {
  override readonly name = 'UnknownTimeZoneError';
  readonly timeZone: string;

  constructor(timeZone: string, options: ErrorOptions) {
    super(`"${timeZone}" is not an IANA time zone`, options);
    this.timeZone = timeZone;
  }
}

const zones = new Map<string, Zone>();

/** The function to keep for a column of instants. @throws UnknownTimeZoneError */
export function dayOfInstantIn(timeZone: string): DayOfInstant {
  return zoneNamed(timeZone).dayOf;
}

/** The calendar day of one instant. @throws UnknownTimeZoneError */
export function dayOfInstant(epochMs: number, timeZone: string): number {
  return zoneNamed(timeZone).dayOf(epochMs);
}

/**
 * The first instant of a calendar day in the zone. Not always midnight: where clocks go forward at midnight the day
 * begins at one o'clock, and a day that the zone skipped (Apia, 2011-12-30) begins with the next.
 *
 * @throws UnknownTimeZoneError
 */
export function startOfDay(day: number, timeZone: string): number {
  const zone = zoneNamed(timeZone);
  const known = zone.starts.get(day);
  if (known !== undefined) return known;
  const startMs = findStart(zone, day);
  if (zone.starts.size >= MOST_STARTS) zone.starts.clear();
  zone.starts.set(day, startMs);
  return startMs;
}

function findStart(zone: Zone, day: number): number {
  const utcMidnightMs = day * MS_PER_24_HOURS;
  const pieces = piecesBetween(zone, utcMidnightMs - LARGEST_OFFSET_MS, utcMidnightMs + LARGEST_OFFSET_MS);
  const candidates = pieces.flatMap(({ startMs, offsetMs }) => [startMs, utcMidnightMs - offsetMs]);
  const starts = candidates.filter((ms) => zone.dayOf(ms) >= day && zone.dayOf(ms - 1) < day);
  return Math.min(...starts);
}

/**
 * The instant at which clocks in the zone show a time, which is given as if it were UTC's. Of an hour that comes twice
 * it is the first; one that is left out is counted on from before the change, as `Temporal` does unless told otherwise.
 *
 * @throws UnknownTimeZoneError
 */
export function instantOfClock(clockMs: number, timeZone: string): number {
  const zone = zoneNamed(timeZone);
  const pieces = piecesBetween(zone, clockMs - LARGEST_OFFSET_MS, clockMs + LARGEST_OFFSET_MS);
  let endedMs = NaN;
  for (const [index, { startMs, offsetMs }] of pieces.entries()) {
    const instantMs = clockMs - offsetMs;
    // Past the end of the piece before and not yet in this one: nobody's clock shows it.
    if (instantMs < startMs) return endedMs;
    const endMs = pieces[index + 1]?.startMs ?? Infinity;
    if (instantMs < endMs) return instantMs;
    endedMs = instantMs;
  }
  return endedMs;
}

function piecesBetween(zone: Zone, fromMs: number, toMs: number): OffsetPiece[] {
  const first = blockOf(zone, Math.floor(fromMs / BLOCK_MS));
  const last = blockOf(zone, Math.floor(toMs / BLOCK_MS));
  return first === last ? [...first] : [...first, ...last];
}

function zoneNamed(timeZone: string): Zone {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  const zone = makeZone(timeZone);
  zones.set(timeZone, zone);
  return zone;
}

function makeZone(timeZone: string): Zone {
  const blocks = new Map<number, readonly OffsetPiece[]>();
  const zone: Zone = { offsetMsAt: offsetReader(timeZone), dayOf, blocks, starts: new Map() };
  let lastBlock = NaN;
  let lastPieces: readonly OffsetPiece[] = [];

  function dayOf(epochMs: number): number {
    const block = Math.floor(epochMs / BLOCK_MS);
    if (block !== lastBlock) {
      lastPieces = blockOf(zone, block);
      lastBlock = block;
    }
    let offsetMs = 0;
    for (const piece of lastPieces) {
      if (piece.startMs > epochMs) break;
      offsetMs = piece.offsetMs;
    }
    return Math.floor((epochMs + offsetMs) / MS_PER_24_HOURS);
  }

  return zone;
}

function blockOf(zone: Zone, block: number): readonly OffsetPiece[] {
  const known = zone.blocks.get(block);
  if (known !== undefined) return known;
  const pieces = sampleBlock(zone, block * BLOCK_MS);
  zone.blocks.set(block, pieces);
  return pieces;
}

function sampleBlock(zone: Zone, blockStartMs: number): OffsetPiece[] {
  let offsetMs = zone.offsetMsAt(blockStartMs);
  const pieces = [{ startMs: blockStartMs, offsetMs }];
  for (let elapsedMs = SAMPLE_MS; elapsedMs <= BLOCK_MS; elapsedMs += SAMPLE_MS) {
    const sampleMs = blockStartMs + elapsedMs;
    const sampleOffsetMs = zone.offsetMsAt(sampleMs);
    if (sampleOffsetMs === offsetMs) continue;
    const startMs = firstInstantWithOffset(zone, sampleOffsetMs, { fromMs: sampleMs - SAMPLE_MS, toMs: sampleMs });
    offsetMs = sampleOffsetMs;
    pieces.push({ startMs, offsetMs });
  }
  return pieces;
}

/** Halves [from, to]: the offset at `toMs` holds there and not at `fromMs`. Zones change at whole seconds. */
function firstInstantWithOffset(zone: Zone, offsetMs: number, { fromMs, toMs }: { fromMs: number; toMs: number }): number {
  let before = fromMs / MS_PER_SECOND;
  let after = toMs / MS_PER_SECOND;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (zone.offsetMsAt(middle * MS_PER_SECOND) === offsetMs) after = middle;
    else before = middle;
  }
  return after * MS_PER_SECOND;
}

function offsetReader(timeZone: string): (epochMs: number) => number {
  const format = formatIn(timeZone);
  return (epochMs) => {
    if (!(Math.abs(epochMs) < LARGEST_INSTANT_MS)) throw new RangeError(`${epochMs} is not an instant`);
    let [year, month, dayOfMonth, hour, minute, second] = [0, 0, 0, 0, 0, 0];
    for (const { type, value } of format.formatToParts(epochMs)) {
      if (type === 'year') year = Number(value);
      else if (type === 'month') month = Number(value);
      else if (type === 'day') dayOfMonth = Number(value);
      else if (type === 'hour') hour = Number(value);
      else if (type === 'minute') minute = Number(value);
      else if (type === 'second') second = Number(value);
    }
    const wholeSecondMs = Math.floor(epochMs / MS_PER_SECOND) * MS_PER_SECOND;
    return Date.UTC(year, month - 1, dayOfMonth, hour, minute, second) - wholeSecondMs;
  };
}

function formatIn(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    throw new UnknownTimeZoneError(timeZone, { cause });
  }
}
