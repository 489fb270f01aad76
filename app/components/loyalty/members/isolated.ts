const FIRST_STRONG_ISOLATE = '\u2068';
const POP_DIRECTIONAL_ISOLATE = '\u2069';
/** Letters that run from right to left. */
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
/** What turns the words around it without being seen. */
const TURNS = /[\u202A-\u202E\u2066-\u2069]/gu;

/** A name of the store's own within a sentence of ours: one that runs the other way would turn the numbers beside it around. */
export function isolated(typed: string): string {
  const name = typed.replace(TURNS, '');
  return RIGHT_TO_LEFT.test(name) ? `${FIRST_STRONG_ISOLATE}${name}${POP_DIRECTIONAL_ISOLATE}` : name;
}
