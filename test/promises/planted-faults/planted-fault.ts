/** A mistake that somebody could make in the code, and the test that must notice it and say what broke. */
export interface PlantedFault {
  name: string;
  edits: readonly Edit[];
  /** The test file that is run. */
  test: string;
  /** What the name of a failing test says. */
  named: RegExp;
}

export interface Edit {
  file: string;
  /** Stands in the file exactly once. */
  find: string;
  replace: string;
}
