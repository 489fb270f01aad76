import { useState } from 'react';

import { judgeTexts, tidyText } from '#app/domain/texts/judge-texts.ts';
import type { TextProblems } from '#app/domain/texts/judge-texts.ts';
import type { Words } from '#app/domain/texts/surface-words.ts';

export interface TextsFormInput {
  /** The merchant's, as they are saved. */
  saved: Words;
  /** Ours that can be replaced. */
  ours: Words;
  /** What the server found wrong with the last try. */
  refused: TextProblems;
  isSaving: boolean;
  onSave: (changed: Words) => void;
}

export interface TextsForm {
  /** As typed; empty where ours stands. */
  own: Words;
  problems: TextProblems;
  isDirty: boolean;
  /** Saving was tried, and something was wrong. */
  isRefused: boolean;
  change: (changed: Words) => void;
  /** A field was left: what is wrong with it may be told now. */
  leave: (key: string) => void;
  save: () => void;
  discard: () => void;
}

export function useTextsForm({ saved, ours, refused, isSaving, onSave }: TextsFormInput): TextsForm {
  const [edited, setEdited] = useState<Words>({});
  const [left, setLeft] = useState<readonly string[]>([]);
  const [hasTried, setHasTried] = useState(false);
  const own = { ...saved, ...edited };
  const tidy = Object.fromEntries(Object.entries(own).map(([key, text]) => [key, tidyText(text)]));
  const changed = Object.fromEntries(Object.entries(tidy).filter(([key, text]) => text !== (saved[key] ?? '')));
  const found = judgeTexts(tidy, ours);
  const isDirty = Object.keys(changed).length > 0;
  // A form that is still empty is told of once all are to be saved.
  const soFar = Object.fromEntries(Object.entries(found).filter(([key, { reason }]) => left.includes(key) && reason !== 'forms'));
  const isSound = Object.keys(found).length === 0;
  return {
    own,
    problems: hasTried ? found : { ...refused, ...soFar },
    isDirty,
    isRefused: hasTried ? !isSound : Object.keys(refused).length > 0,
    change: (texts) => setEdited({ ...edited, ...texts }),
    leave: (key) => setLeft(left.includes(key) ? left : [...left, key]),
    save: () => {
      setHasTried(!isSound);
      if (isSound && isDirty && !isSaving) onSave(changed);
    },
    discard: () => {
      setEdited({});
      setLeft([]);
      setHasTried(false);
    },
  };
}
