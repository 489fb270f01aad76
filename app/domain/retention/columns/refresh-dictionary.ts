import { compareKeys } from './customer-keys.ts';
import { merge, mergeList, planMerge } from './merge-plan.ts';
import { codeColumn, codeKind } from './number-column.ts';
import type { CodeColumn } from './number-column.ts';
import type { DictionaryColumn } from './order-columns.ts';
import type { ColumnRoom } from './column-room.ts';
import { firstWhere } from './find-first.ts';
import type { PlacedChanges } from './place-changes.ts';
import type { PlacedRow } from './place-rows.ts';
import { mergeChanges, staysAsItIs } from './refresh-numbers.ts';

/**
 * The column with the orders that came and without those that went. Codes stay ascending by value and none stands for a
 * value that no order has, so that the column is the one that the orders would have been given at first.
 */
export function refreshDictionary(
  column: DictionaryColumn,
  changes: PlacedChanges,
  { room, textOf }: { room: ColumnRoom; textOf: (placed: PlacedRow) => string | null },
): DictionaryColumn {
  const { values } = column;
  const texts = new Set([...changes.inserted, ...changes.replaced].map(textOf));
  const codeOfText = new Map<string | null, number>([[null, 0]]);
  const added: string[] = [];
  for (const text of texts) {
    const code = text === null ? 0 : codeOf(values, text);
    if (code !== null) codeOfText.set(text, code);
    else if (text !== null) added.push(text);
  }
  for (const [index, text] of added.sort(compareKeys).entries()) codeOfText.set(text, values.length + index);
  const codesOf = (placed: readonly PlacedRow[]): number[] => placed.map((each) => codeOfText.get(textOf(each)) ?? NaN);
  const [inserted, replaced] = [codesOf(changes.inserted), codesOf(changes.replaced)];
  if (staysAsItIs(column.codes, changes, replaced)) return column;
  const codeCount = values.length + added.length;
  const doubtful = doubtfulCodes(column.codes, changes, replaced);
  const codes = mergeChanges<CodeColumn>(changes, { from: column.codes, inserted, replaced, kind: codeKind(codeCount), room });
  const lost = lostCodes(codes, codeCount, doubtful);
  if (added.length === 0 && lost.length === 0) return { values, codes };
  return recode({ codes, values, added, lost });
}

/** Those of which an order went, or got another. */
function doubtfulCodes(codes: CodeColumn, { dropped, replacedFrom }: PlacedChanges, replaced: readonly number[]): Set<number> {
  const gone = [...dropped, ...replacedFrom.filter((place, index) => codes[place] !== replaced[index])];
  return new Set(gone.map((place) => codes[place] ?? NaN));
}

type DictionaryValues = DictionaryColumn['values'];

function codeOf(values: DictionaryValues, text: string): number | null {
  const code = placeOf(values, text);
  return values[code] === text ? code : null;
}

/** The first code whose value is this text or comes after it. Code 0 is no text's. */
function placeOf(values: DictionaryValues, text: string): number {
  return firstWhere(1, values.length, (code) => compareKeys(values[code] ?? '', text) >= 0);
}

/** Those of the doubtful codes that no order has any more, ascending. */
function lostCodes(codes: CodeColumn, codeCount: number, doubtful: ReadonlySet<number>): number[] {
  const isDoubtful = new Uint8Array(codeCount);
  for (const code of doubtful) isDoubtful[code] = 1;
  isDoubtful[0] = 0;
  let open = isDoubtful.reduce((sum, one) => sum + one, 0);
  for (let i = 0; open > 0 && i < codes.length; i += 1) {
    const code = codes[i] ?? NaN;
    if (isDoubtful[code] === 0) continue;
    isDoubtful[code] = 0;
    open -= 1;
  }
  return [...isDoubtful.keys()].filter((code) => isDoubtful[code] === 1);
}

interface Recoding {
  /** Codes of the old values as they were, and of added ones after them. */
  codes: CodeColumn;
  values: DictionaryValues;
  added: readonly string[];
  lost: readonly number[];
}

function recode({ codes, values, added, lost }: Recoding): DictionaryColumn {
  const plan = planMerge({
    oldLength: values.length,
    dropped: lost,
    insertedBefore: added.map((text) => placeOf(values, text)),
  });
  const codeBefore = merge(plan, {
    from: Uint32Array.from(values.keys()),
    inserted: added.map((_, index) => values.length + index),
    into: new Uint32Array(plan.length),
  });
  const codeAfter = new Uint32Array(values.length + added.length);
  for (const [after, before] of codeBefore.entries()) codeAfter[before] = after;

  const recoded = codeColumn(codes.length, plan.length);
  for (let i = 0; i < codes.length; i += 1) recoded[i] = codeAfter[codes[i] ?? NaN] ?? NaN;
  return { values: mergeList(plan, { from: values, inserted: added }), codes: recoded };
}
