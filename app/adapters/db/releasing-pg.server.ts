import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;
type Transaction = Awaited<ReturnType<Adapter['startTransaction']>>;

/**
 * Prisma 6.19 gives a transaction's connection back only after COMMIT or ROLLBACK went well: each connection that is
 * lost within a transaction costs the pool one of its places for good, and after the last one the process waits for
 * ever. Here one that cannot end its transaction goes back to be thrown away. Delete this when Prisma's transaction
 * manager releases in a `finally`.
 */
export class ReleasingPg extends PrismaPg {
  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    const start = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (isolationLevel) => releaseWhenLost(await start(isolationLevel));
    return adapter;
  }
}

function releaseWhenLost(transaction: Transaction): Transaction {
  const execute = transaction.executeRaw.bind(transaction);
  transaction.executeRaw = async (query) => {
    try {
      return await execute(query);
    } catch (error) {
      if (query.sql === 'COMMIT' || query.sql === 'ROLLBACK') {
        const { client, cleanup } = partsOf(transaction);
        cleanup?.();
        client.release(true);
      }
      throw error;
    }
  };
  return transaction;
}

function partsOf(transaction: Transaction): { client: pg.PoolClient; cleanup?: () => void } {
  // Both are fields of adapter-pg's own class, which its interface does not name.
  return transaction as unknown as { client: pg.PoolClient; cleanup?: () => void };
}
