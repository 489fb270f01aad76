import { useState } from 'react';

import type { FieldProblems } from '#app/domain/loyalty/program/field-problems.ts';
import { findProgramProblems } from '#app/domain/loyalty/program/find-program-problems.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { ProgramRefusal } from './program-answer.ts';
import type { ProgramSaving } from './use-program-saving.ts';

export interface ProgramFormInput<Draft> {
  saved: Draft;
  /** The program with what was typed in it, and what of that could not be read. */
  read: (draft: Draft) => { program: Program; unread: FieldProblems };
  write: (program: Program) => Draft;
  shopCurrency: string;
  saving: ProgramSaving;
}

export interface ProgramFormState<Draft> {
  draft: Draft;
  /** With what is typed; of use where `isSound`. */
  program: Program;
  isSound: boolean;
  /** All that is wrong with it now, shown or not. */
  found: FieldProblems;
  isDirty: boolean;
  /** Those that are shown: once saving was tried, and they go as they are mended. */
  problems: FieldProblems;
  refusal: ProgramRefusal | null;
  change: (change: Partial<Draft>) => void;
  /** Whether it may be sent; if not, its problems are shown from now on. */
  isRight: () => boolean;
  save: () => void;
  discard: () => void;
}

/** One part of the program as a form. */
export function useProgramForm<Draft extends object>({ saved, read, write, shopCurrency, saving }: ProgramFormInput<Draft>): ProgramFormState<Draft> {
  const [edited, setEdited] = useState<Draft | null>(null);
  const [hasTried, setHasTried] = useState(false);
  const draft = edited ?? saved;
  const { program, unread } = read(draft);
  const found: FieldProblems = { ...findProgramProblems(program, { shopCurrency }), ...unread };
  const isSound = Object.keys(found).length === 0;
  const canWrite = Object.keys(unread).length === 0;
  // 15 and 15.0 are no change.
  const isDirty = edited !== null && JSON.stringify(canWrite ? write(program) : draft) !== JSON.stringify(saved);
  const isRight = () => {
    setHasTried(!isSound);
    return isSound && !saving.isSaving;
  };
  return {
    ...{ draft, program, found, isSound, isDirty, isRight },
    problems: hasTried ? found : saving.refused,
    refusal: hasTried && !isSound ? 'wrong-fields' : saving.refusal,
    change: (change) => setEdited({ ...draft, ...change }),
    save: () => {
      if (isRight()) saving.save(program);
    },
    discard: () => {
      setEdited(null);
      setHasTried(false);
    },
  };
}
