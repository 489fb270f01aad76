import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, workerData } from 'node:worker_threads';

const MARK = 'computes-apart';

export interface Asked<Question> {
  id: number;
  question: Question;
}

export type Told = { id: number; value: unknown } | { id: number; error: unknown };

/** Whether this code runs in such a thread. */
export const isComputingThread = workerData === MARK;

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/**
 * A thread that answers questions while this one goes on with requests. It is started by the first question, and anew by
 * the first one after it has died; whoever waited then is told so. Questions and answers are copied between the two, so
 * they are plain data.
 */
export class ComputingThread<Question> {
  readonly #entry: string;
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | null = null;
  #lastId = 0;

  /** @param entry file that answers, as it is imported: `#app/...` */
  constructor(entry: string) {
    this.#entry = entry;
  }

  /** What the entry's `Told` holds for the question. The caller knows of what type it is. */
  ask<Answer>(question: Question): Promise<Answer> {
    const thread = (this.#thread ??= this.#start());
    const id = (this.#lastId += 1);
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // Nobody who waits for an answer lets the process end before it.
      thread.ref();
      thread.postMessage({ id, question } satisfies Asked<Question>);
    }) as Promise<Answer>;
  }

  async stop(): Promise<void> {
    await this.#thread?.terminate();
  }

  #start(): Worker {
    // Found from where this code is, which is app/ or the build; the thread reads app/ as it is, as the worker does.
    const { resolve } = createRequire(import.meta.url);
    const thread = new Worker(resolve(this.#entry), { workerData: MARK, execArgv: ['--import', pathToFileURL(resolve('tsx')).href] });
    thread.on('message', (told: Told) => this.#pass(told));
    thread.on('error', (error) => this.#end(thread, error));
    thread.on('exit', (code) => this.#end(thread, new Error(`the computing thread ended with ${code}`)));
    return thread;
  }

  #pass(told: Told): void {
    const waiting = this.#waiting.get(told.id);
    this.#waiting.delete(told.id);
    if (this.#waiting.size === 0) this.#thread?.unref();
    if ('error' in told) waiting?.reject(new Error('the computing thread could not answer', { cause: told.error }));
    else waiting?.resolve(told.value);
  }

  #end(thread: Worker, error: unknown): void {
    if (this.#thread !== thread) return;
    this.#thread = null;
    for (const { reject } of this.#waiting.values()) reject(new Error('the computing thread is gone', { cause: error }));
    this.#waiting.clear();
  }
}
