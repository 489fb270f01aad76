import type { PurchaseHistories } from './purchase-histories.ts';

/**
 * Histories made ready for many passes of a likelihood. Logarithms of ages and recencies are then taken once a pass for
 * each different one instead of once a row, and whatever depends on x alone or on T alone costs nothing a row.
 *
 * Time is in units of the mean age, so that a search is the same in days and in weeks.
 */
export interface IndexedHistories {
  readonly rowCount: number;
  readonly frequency: Float64Array;
  readonly customers: Float64Array;
  /** Different ages, in `timeUnit`s, and for each row the place of its own among them. */
  readonly ages: Float64Array;
  readonly agePlaces: Uint32Array;
  readonly recencies: Float64Array;
  readonly recencyPlaces: Uint32Array;
  readonly customersAtAge: Float64Array;
  /** Their purchases after the first, in total. */
  readonly purchasesAtAge: Float64Array;
  /** `customersBeyond[i]` customers have x > i. */
  readonly customersBeyond: Float64Array;
  readonly timeUnit: number;
  readonly customerCount: number;
  readonly purchaseCount: number;
}

/** `timeUnit` is the mean age unless it is given. */
export function indexHistories(histories: PurchaseHistories, givenUnit?: number): IndexedHistories {
  const { rowCount, frequency, recency, age, customers } = histories;
  let customerCount = 0;
  let purchaseCount = 0;
  let totalAge = 0;
  let largestFrequency = 0;
  for (let i = 0; i < rowCount; i += 1) {
    const weight = customers[i] ?? NaN;
    const x = frequency[i] ?? NaN;
    customerCount += weight;
    purchaseCount += weight * x;
    totalAge += weight * (age[i] ?? NaN);
    largestFrequency = Math.max(largestFrequency, x);
  }
  const timeUnit = givenUnit ?? (totalAge > 0 ? totalAge / customerCount : 1);
  const { distinct: ages, places: agePlaces } = placesAmongDistinct(age, rowCount, timeUnit);
  const { distinct: recencies, places: recencyPlaces } = placesAmongDistinct(recency, rowCount, timeUnit);
  const customersAtAge = new Float64Array(ages.length);
  const purchasesAtAge = new Float64Array(ages.length);
  const customersBeyond = new Float64Array(largestFrequency);
  for (let i = 0; i < rowCount; i += 1) {
    const weight = customers[i] ?? NaN;
    const x = frequency[i] ?? NaN;
    const place = agePlaces[i] ?? NaN;
    customersAtAge[place] = (customersAtAge[place] ?? NaN) + weight;
    purchasesAtAge[place] = (purchasesAtAge[place] ?? NaN) + weight * x;
    if (x > 0) customersBeyond[x - 1] = (customersBeyond[x - 1] ?? NaN) + weight;
  }
  for (let i = largestFrequency - 2; i >= 0; i -= 1) {
    customersBeyond[i] = (customersBeyond[i] ?? NaN) + (customersBeyond[i + 1] ?? NaN);
  }
  const columns = { frequency, customers, ages, agePlaces, recencies, recencyPlaces };
  return { rowCount, ...columns, customersAtAge, purchasesAtAge, customersBeyond, timeUnit, customerCount, purchaseCount };
}

/** Every so many-th row, in the same unit of time as the whole. */
export function sampleOf(histories: PurchaseHistories, every: number, timeUnit: number): IndexedHistories {
  const rowCount = Math.floor(histories.rowCount / every);
  const thin = (column: Float64Array) =>
    Float64Array.from({ length: rowCount }, (_, row) => column[row * every] ?? NaN);
  const { frequency, recency, age, customers } = histories;
  const thinned = { frequency: thin(frequency), recency: thin(recency), age: thin(age), customers: thin(customers) };
  return indexHistories({ rowCount, ...thinned }, timeUnit);
}

/** Null, or what is wrong with the histories. */
export function flawOfHistories({ rowCount, frequency, recency, age, customers }: PurchaseHistories): string | null {
  for (let i = 0; i < rowCount; i += 1) {
    const x = frequency[i] ?? NaN;
    const last = recency[i] ?? NaN;
    const end = age[i] ?? NaN;
    if (!(Number.isInteger(x) && x >= 0)) return `row ${i} has a frequency of ${x}`;
    if (!(last >= 0 && last <= end && Number.isFinite(end))) return `row ${i} has recency ${last} and age ${end}`;
    if (!((customers[i] ?? NaN) > 0)) return `row ${i} stands for ${customers[i]} customers`;
  }
  return null;
}

function placesAmongDistinct(values: Float64Array, count: number, unit: number) {
  const placeOf = new Map<number, number>();
  const places = new Uint32Array(count);
  let previous = NaN;
  let place = 0;
  for (let i = 0; i < count; i += 1) {
    const value = values[i] ?? NaN;
    if (value !== previous) {
      place = placeOf.get(value) ?? placeOf.size;
      if (place === placeOf.size) placeOf.set(value, place);
      previous = value;
    }
    places[i] = place;
  }
  return { distinct: Float64Array.from(placeOf.keys(), (value) => value / unit), places };
}
