export interface GatheredWorkInput<Ask, Answer> {
  /** Answers each that is asked. One that has to wait for something may be a promise yet, so that the next turn need not. */
  readonly work: (asks: readonly Ask[]) => Promise<ReadonlyMap<Ask, Answer | Promise<Answer>>>;
  /** Two of one key are not worked on together. */
  readonly keyOf: (ask: Ask) => string;
  /** Those of a lane are answered before the next of it are worked on. */
  readonly laneOf: (ask: Ask) => string;
  readonly onIdle: () => void;
}

interface Waiting<Ask, Answer> {
  readonly ask: Ask;
  readonly answer: (answer: Answer) => void;
  readonly fail: (error: unknown) => void;
}

const TURNS_AT_ONCE = 2;
const ASKS_A_TURN = 50;

/**
 * For what is asked one by one and costs less done together. Who asks while nobody does goes at once and alone; those who
 * ask while others are at work go together as soon as those are done.
 */
export class GatheredWork<Ask, Answer> {
  readonly #input: GatheredWorkInput<Ask, Answer>;
  #waiting: Waiting<Ask, Answer>[] = [];
  readonly #busyLanes = new Set<string>();
  #turns = 0;

  constructor(input: GatheredWorkInput<Ask, Answer>) {
    this.#input = input;
  }

  ask(ask: Ask): Promise<Answer> {
    return new Promise((answer, fail) => {
      this.#waiting.push({ ask, answer, fail });
      this.#begin();
    });
  }

  #begin(): void {
    if (this.#turns >= TURNS_AT_ONCE) return;
    const together = this.#takeTogether();
    if (together.length > 0) {
      this.#turns += 1;
      void this.#takeTurn(together);
    } else if (this.#turns === 0 && this.#busyLanes.size === 0) {
      this.#input.onIdle();
    }
  }

  #takeTogether(): Waiting<Ask, Answer>[] {
    const { keyOf, laneOf } = this.#input;
    const taken = new Map<string, Waiting<Ask, Answer>>();
    const left: Waiting<Ask, Answer>[] = [];
    for (const waiting of this.#waiting) {
      const key = keyOf(waiting.ask);
      if (taken.size < ASKS_A_TURN && !taken.has(key) && !this.#busyLanes.has(laneOf(waiting.ask))) taken.set(key, waiting);
      else left.push(waiting);
    }
    this.#waiting = left;
    return [...taken.values()];
  }

  async #takeTurn(together: readonly Waiting<Ask, Answer>[]): Promise<void> {
    const lanes = inLanes(together, this.#input.laneOf);
    for (const lane of lanes.keys()) this.#busyLanes.add(lane);
    const worked = this.#input.work(together.map(({ ask }) => ask));
    for (const [lane, mine] of lanes) void this.#answerLane(lane, { mine, worked });
    await Promise.allSettled([worked]);
    this.#turns -= 1;
    this.#begin();
  }

  async #answerLane(lane: string, { mine, worked }: { mine: readonly Waiting<Ask, Answer>[]; worked: ReturnType<GatheredWorkInput<Ask, Answer>['work']> }): Promise<void> {
    await Promise.all(
      mine.map(async ({ ask, answer, fail }) => {
        try {
          const answers = await worked;
          const found = answers.get(ask);
          if (found === undefined) throw new Error('something that was asked was not answered');
          answer(await found);
        } catch (error) {
          fail(error);
        }
      }),
    );
    this.#busyLanes.delete(lane);
    this.#begin();
  }
}

function inLanes<Ask, Answer>(together: readonly Waiting<Ask, Answer>[], laneOf: (ask: Ask) => string): Map<string, Waiting<Ask, Answer>[]> {
  const lanes = new Map<string, Waiting<Ask, Answer>[]>();
  for (const waiting of together) {
    const lane = laneOf(waiting.ask);
    lanes.set(lane, [...(lanes.get(lane) ?? []), waiting]);
  }
  return lanes;
}
