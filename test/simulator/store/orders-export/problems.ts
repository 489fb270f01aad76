export interface ExportProblem {
  /** Physical line of the file, from 1. */
  line: number;
  /** Names the column where there is one. */
  message: string;
}

/** A file with something wrong in every line must not fill the memory with complaints. */
const MOST_LISTED = 10_000;

export class ExportProblems {
  readonly listed: ExportProblem[] = [];
  count = 0;
  readonly #told = new Set<string>();

  add(line: number, message: string): void {
    this.count += 1;
    if (this.listed.length < MOST_LISTED) this.listed.push({ line, message });
  }

  /** For what would otherwise be said of every order alike. */
  addOnce(line: number, message: string): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    this.add(line, message);
  }
}
