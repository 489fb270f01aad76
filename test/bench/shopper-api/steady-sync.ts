import pg from 'pg';
import { z } from 'zod';

import { waitFor } from '#test/support/wait-for.ts';

const LOOK_EVERY_MS = 50;
const STORING_WITHIN_MS = 120_000;

/** A moment while orders of a pull were coming in: of which pull, and how many objects were there. */
export interface SyncMark {
  readonly pull: number;
  readonly objects: number;
}

const importSchema = z.object({ state: z.string(), objects: z.number().int(), error: z.string().nullable() });

/**
 * A history that comes in without end: a pull of a shop's orders that has stored its file is sent back to the first line of
 * it, and stores it once more over what is there. So there is a sync for as long as a bench wants one, whatever the
 * machine, and the local Shopify has the file to make once.
 */
export class SteadySync {
  readonly #client: pg.Client;
  #pull = 1;
  #last: z.infer<typeof importSchema> = { state: 'requested', objects: 0, error: null };
  #failure: Error | undefined;
  #isStopping = false;
  #watching: Promise<void> | undefined;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async begin(ownerUrl: string): Promise<SteadySync> {
    const client = new pg.Client({ connectionString: ownerUrl });
    await client.connect();
    const sync = new SteadySync(client);
    sync.#watching = sync.#watch().catch((error: unknown) => {
      sync.#failure = error instanceof Error ? error : new Error(String(error));
    });
    return sync;
  }

  /** Waits until rows are coming in: the file has been brought, and its first batch stored. */
  async untilStoring(): Promise<SyncMark> {
    return waitFor(
      'orders to come in',
      () => {
        if (this.#failure) throw this.#failure;
        return this.#last.state === 'storing' && this.#last.objects > 0 ? { pull: this.#pull, objects: this.#last.objects } : undefined;
      },
      { timeoutMs: STORING_WITHIN_MS },
    );
  }

  /** How many objects have come in since, or null where the pull has ended meanwhile: not all the time was one of syncing. */
  storedSince({ pull, objects }: SyncMark): number | null {
    if (this.#failure) throw this.#failure;
    return this.#pull === pull && this.#last.state === 'storing' ? this.#last.objects - objects : null;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#watching;
    await this.#client.end();
  }

  async #watch(): Promise<void> {
    while (!this.#isStopping) {
      const { rows } = await this.#client.query(
        "SELECT state, objects_stored AS objects, error_code AS error FROM imports WHERE resource = 'orders' ORDER BY requested_at DESC LIMIT 1",
      );
      this.#last = importSchema.parse(rows[0]);
      if (this.#last.state === 'failed') throw new Error(`The sync failed: ${this.#last.error ?? 'nobody knows why'}`);
      if (this.#last.state === 'completed') await this.#beginAnew();
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async #beginAnew(): Promise<void> {
    this.#pull += 1;
    await this.#client.query(
      "UPDATE imports SET state = 'storing', pass = 0, line = 0, objects_stored = 0, finished_at = NULL WHERE resource = 'orders' AND state = 'completed'",
    );
  }
}
