/**
 * What was computed of a source that never changes, such as the columns of a shop: the answers that were asked for last.
 * They are shared, so nobody changes them, and they go when the source does: what was forgotten is in none of them.
 */
export class KeptAnswers<Source extends object, Answer> {
  readonly #kept = new WeakMap<Source, Map<string, Answer>>();
  readonly #atMost: number;

  /** @param atMost how many of one source */
  constructor(atMost: number) {
    this.#atMost = atMost;
  }

  /** @param key all that the answer depends on beside the source */
  of(source: Source, key: string, compute: () => Answer): Answer {
    const answers = this.#kept.get(source) ?? new Map<string, Answer>();
    this.#kept.set(source, answers);
    const known = answers.get(key);
    const answer = known === undefined ? compute() : known;
    answers.delete(key);
    answers.set(key, answer);
    const [oldest] = answers.keys();
    if (answers.size > this.#atMost && oldest !== undefined) answers.delete(oldest);
    return answer;
  }
}
