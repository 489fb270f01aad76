import { hashText } from './seeded-random.ts';

/** Numeric ids that depend on what a record is called, so that a file read again, or a longer one, gives the same. */
export interface StableIds {
  /** Marks an id that came with the file; false when it is taken already. */
  claim(id: number): boolean;
  /** For a name such as `#1001`: ids of one prefix ascend with the number. */
  fromName(name: string): number;
  fromKey(key: string): number;
}

const BLOCK = 1_000_000_000_000;
const REPEAT_STEP = 100_000_000_000;

export function stableIds(): StableIds {
  const taken = new Set<number>();
  const settle = (wanted: number, step: number): number => {
    let id = wanted;
    while (taken.has(id)) id += step;
    taken.add(id);
    return id;
  };
  return {
    claim: (id) => {
      if (taken.has(id)) return false;
      taken.add(id);
      return true;
    },
    fromName: (name) => {
      const [, prefix = '', digits = ''] = /^(.*?)(\d{1,11})$/su.exec(name) ?? [null, name];
      return settle((1 + (hashText(prefix) % 7_000)) * BLOCK + Number(digits), REPEAT_STEP);
    },
    // 48 bits: two keys meet once in many millions, and then the later one moves on.
    fromKey: (key) => settle(BLOCK + hashText(key) * 65_536 + (hashText(key, 0x9747b28c) >>> 16), 1),
  };
}
