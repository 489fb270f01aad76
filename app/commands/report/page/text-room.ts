const WIDE_CHARACTER = /[\u1100-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6]/gu;
const CHARACTER = 7.4;

/** How wide a text of 12 px is, more or less: nobody can measure it here, so a little more than most fonts need. */
export function textRoom(text: string): number {
  return text.length * CHARACTER + (text.match(WIDE_CHARACTER)?.length ?? 0) * (12.2 - CHARACTER);
}

export function widestRoom(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(textRoom));
}
