import type { Server, ServerResponse } from 'node:http';

/** Lets a server end without dropping a request: what has begun is answered, and each connection closes after that. */
export class Drain {
  readonly #open = new Set<ServerResponse>();
  #server: Server | undefined;

  get isDraining(): boolean {
    return this.#server !== undefined;
  }

  /** Called for each response as soon as there is one. */
  track(response: ServerResponse): void {
    this.#open.add(response);
    if (this.isDraining) response.setHeader('Connection', 'close');
    response.once('close', () => {
      this.#open.delete(response);
      // A connection whose answer had begun before we drained does not know that it was the last.
      if (this.isDraining) setImmediate(() => this.#server?.closeIdleConnections());
    });
  }

  /**
   * @param followUpsDone what goes on behind answers
   * @returns how many requests were left when the deadline passed
   */
  async begin(server: Server, { deadlineMs, followUpsDone }: { deadlineMs: number; followUpsDone: () => Promise<void> }): Promise<number> {
    this.#server = server;
    for (const response of this.#open) if (!response.headersSent) response.setHeader('Connection', 'close');
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs);
    });
    await Promise.race([closed.then(followUpsDone), tooLong]);
    clearTimeout(timer);
    return this.#open.size;
  }
}
