/** What is wrong with a field of a program, for the words beside it. */
export type FieldProblem =
  | 'missing'
  /** Of a list to choose from. */
  | 'none-chosen'
  | 'not-a-number'
  | 'too-many-digits'
  | 'out-of-range'
  | 'too-long'
  | 'too-many'
  /** Another one of the list has it already. */
  | 'twice'
  | 'unknown-currency'
  /** Orders in other currencies are converted by this rate, and the preview speaks in it. */
  | 'no-rate-in-shop-currency'
  /** An end that does not lie after its beginning. */
  | 'not-after-start'
  /** A threshold that is not above the one before it. */
  | 'not-rising'
  /** A rate that is no better than the usual one, which then wins, and does not exclude either. */
  | 'never-wins'
  /** The first tier is everybody's. */
  | 'first-not-zero'
  | 'not-a-multiple'
  | 'below-least'
  /** A warning that would come before the points do. */
  | 'longer-than-expiry'
  | 'has-comma'
  /** Customers of a segment are written under this tag. */
  | 'tag-of-segment'
  /** A program that is live lets members spend what they earn. */
  | 'none-offered';

/** By the path of the field: `rewards[2].amounts[0]`. */
export type FieldProblems = Readonly<Record<string, FieldProblem>>;

/** Gathers what is wrong; the first problem of a field stays. */
export class ProblemList {
  readonly #found = new Map<string, FieldProblem>();

  add(path: string, problem: FieldProblem): void {
    if (!this.#found.has(path)) this.#found.set(path, problem);
  }

  addIf(isWrong: boolean, path: string, problem: FieldProblem): void {
    if (isWrong) this.add(path, problem);
  }

  /** A whole number within its limits. One that is no number at all is said to be so. */
  addUnlessWithin(path: string, value: number, { least, most }: Limits): void {
    if (!Number.isSafeInteger(value)) this.add(path, 'not-a-number');
    else this.addIf(value < least || value > most, path, 'out-of-range');
  }

  /** The same, where null says that there is none. */
  addUnlessNoneOrWithin(path: string, value: number | null, limits: Limits): void {
    if (value !== null) this.addUnlessWithin(path, value, limits);
  }

  get all(): FieldProblems {
    return Object.fromEntries(this.#found);
  }
}

export interface Limits {
  readonly least: number;
  readonly most: number;
}

/** Those of a list below some path, by what follows it: of `rewards[2]`, `rewards[2].points` is `points`. */
export function problemsBelow(problems: FieldProblems, path: string): FieldProblems {
  const below = Object.entries(problems).flatMap(([field, problem]): [string, FieldProblem][] => {
    if (field === path) return [['', problem]];
    const rest = field.startsWith(path) ? field.slice(path.length) : '';
    return rest.startsWith('.') || rest.startsWith('[') ? [[rest.replace(/^\./, ''), problem]] : [];
  });
  return Object.fromEntries(below);
}
