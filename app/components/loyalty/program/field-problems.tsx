import { createContext, useContext } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { FieldProblem, FieldProblems, Limits } from '#app/domain/loyalty/program/field-problems.ts';

const ProblemsContext = createContext<FieldProblems>({});

/** The problems that are shown now: fields below find theirs by their path. */
export function FieldProblemsProvider({ problems, children }: { problems: FieldProblems; children: ReactNode }) {
  return <ProblemsContext.Provider value={problems}>{children}</ProblemsContext.Provider>;
}

export interface FieldFacts {
  limits?: Limits;
  /** Something that would be right. */
  example?: string;
}

/** What to do about the problem of a field, or undefined where there is none. */
export function useFieldProblem(path: string, facts: FieldFacts = {}): string | undefined {
  const words = useProblemWords();
  const problem = useContext(ProblemsContext)[path];
  return problem === undefined ? undefined : words(problem, facts);
}

export function useFieldProblems(): FieldProblems {
  return useContext(ProblemsContext);
}

export function useProblemWords(): (problem: FieldProblem, facts?: FieldFacts) => string {
  const { t } = useTranslation('loyalty');
  const formats = useFormats();
  return (problem, { limits, example } = {}) => {
    const known = { least: limits ? formats.count(limits.least) : '', most: limits ? formats.count(limits.most) : '', example: example ?? '' };
    switch (problem) {
      case 'missing':
      case 'not-a-number':
        if (example !== undefined) return t('problems.amount', known);
        return limits === undefined ? t(`problems.${problem}`) : t('problems.out-of-range', known);
      case 'out-of-range':
        return example === undefined ? t('problems.out-of-range', known) : t('problems.amount', known);
      default:
        return t(`problems.${problem}`);
    }
  };
}
