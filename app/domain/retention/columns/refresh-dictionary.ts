import { roomyColumn } from './column-room.ts';
import type { ColumnRoom } from './column-room.ts';
import { compareKeys } from './customer-keys.ts';
import { mergeList, planMerge } from './merge-plan.ts';
import { codeKind } from './number-column.ts';
import type { CodeColumn } from './number-column.ts';
import type { DictionaryColumn } from './order-columns.ts';
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
  const added: string[] = [];
  const codeOfText = new Map<string, number>();
  const codeOf = (placed: PlacedRow): number => {
    const text = textOf(placed);
    if (text === null) return 0;
    let code = codeOfText.get(text);
    if (code === undefined) {
      code = knownCode(values, text) ?? values.length + added.push(text) - 1;
      codeOfText.set(text, code);
    }
    return code;
  };
  const [inserted, replaced] = [changes.inserted.map(codeOf), changes.replaced.map(codeOf)];
  if (staysAsItIs(column.codes, changes, replaced)) return column;
  const codeCount = values.length + added.length;
  const doubtful = doubtfulCodes(column.codes, changes, replaced);
  const codes = mergeChanges<CodeColumn>(changes, { from: column.codes, inserted, replaced, kind: codeKind(codeCount), room });
  const lost = doubtful.size === 0 ? [] : lostCodes(codes, codeCount, doubtful);
  if (added.length === 0 && lost.length === 0) return { values, codes };
  return recode({ codes, values, added, lost });
}

/** Those of which an order went, or got another. */
function doubtfulCodes(codes: CodeColumn, { dropped, replacedFrom }: PlacedChanges, replaced: readonly number[]): Set<number> {
  const gone = [...dropped, ...replacedFrom.filter((place, index) => codes[place] !== replaced[index])];
  return new Set(gone.map((place) => codes[place] ?? NaN));
}

type DictionaryValues = DictionaryColumn['values'];

function knownCode(values: DictionaryValues, text: string): number | null {
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
  /** Codes of the old values as they were, and of added ones after them; nobody else's. */
  codes: CodeColumn;
  values: DictionaryValues;
  added: readonly string[];
  lost: readonly number[];
}

function recode({ codes, values, added, lost }: Recoding): DictionaryColumn {
  const arriving = added.map((text, index) => ({ text, code: values.length + index })).sort((a, b) => compareKeys(a.text, b.text));
  const plan = planMerge({
    oldLength: values.length,
    dropped: lost,
    insertedBefore: arriving.map(({ text }) => placeOf(values, text)),
  });
  const codeAfter = new Uint32Array(values.length + added.length);
  for (const [block, start] of plan.blockStarts.entries()) {
    const shift = (plan.blockPlaces[block] ?? NaN) - start;
    for (let code = start; code < (plan.blockEnds[block] ?? NaN); code += 1) codeAfter[code] = code + shift;
  }
  for (const [index, { code }] of arriving.entries()) codeAfter[code] = plan.insertedAt[index] ?? NaN;

  const isOfKind = codes instanceof codeKind(plan.length);
  const recoded = isOfKind ? codes : roomyColumn(codeKind(plan.length), codes.length);
  for (let i = 0; i < codes.length; i += 1) recoded[i] = codeAfter[codes[i] ?? NaN] ?? NaN;
  return { values: mergeList(plan, { from: values, inserted: arriving.map(({ text }) => text) }), codes: recoded };
}
