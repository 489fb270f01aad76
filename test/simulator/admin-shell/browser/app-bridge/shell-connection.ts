import { listenToShell, sendToShell } from '../messages.ts';
import type { FromFrame, Question, ToFrame } from '../messages.ts';

type Hearing<Kind extends ToFrame['kind']> = (message: Extract<ToFrame, { kind: Kind }>) => void;

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (reason: Error) => void;
}

/** The line from the app's frame to the admin around it. */
export class ShellConnection {
  readonly #waiting = new Map<string, Waiting>();
  readonly #hearings: ((message: ToFrame) => void)[] = [];
  readonly shellOrigin: string;
  #asked = 0;

  constructor(shellOrigin: string) {
    this.shellOrigin = shellOrigin;
    listenToShell(shellOrigin, (message) => {
      if (message.kind === 'answer') this.#settle(message.id)?.resolve(message.value);
      else if (message.kind === 'refusal') this.#settle(message.id)?.reject(new Error(message.reason));
      else for (const hear of this.#hearings) hear(message);
    });
  }

  send(message: FromFrame): void {
    sendToShell(message, this.shellOrigin);
  }

  /** Rejects when the admin refuses, for instance because the local Shopify has been stopped. */
  ask(question: Question): Promise<unknown> {
    const id = String((this.#asked += 1));
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.send({ kind: 'question', id, question });
    });
  }

  on<Kind extends ToFrame['kind']>(kind: Kind, hear: Hearing<Kind>): void {
    this.#hearings.push((message) => {
      if (isKind(message, kind)) hear(message);
    });
  }

  #settle(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}

function isKind<Kind extends ToFrame['kind']>(
  message: ToFrame,
  kind: Kind,
): message is Extract<ToFrame, { kind: Kind }> {
  return message.kind === kind;
}
