import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { defineConfig } from 'prisma/config';

// The JavaScript schema engine selects columns of type `name` and `char` (oids 19 and 18), which adapter-pg 6.19 does
// not know; both are text on the wire. Delete this when @prisma/adapter-pg maps them.
const TEXT_OID = 25;
const TEXT_LIKE_OIDS = new Set([18, 19]);
const queryPrototype: { handleRowDescription(message: { fields: { dataTypeID: number }[] }): void } =
  pg.Query.prototype as never;
const handleRowDescription = queryPrototype.handleRowDescription;
queryPrototype.handleRowDescription = function (message) {
  for (const field of message.fields) if (TEXT_LIKE_OIDS.has(field.dataTypeID)) field.dataTypeID = TEXT_OID;
  handleRowDescription.call(this, message);
};

// The schema engine arms a ten-second limit for its advisory lock and never disarms it, so each command would end that
// much later. Unreferenced, the limit still fires while there is something to wait for.
const LOCK_LIMIT_MS = 10_000;
const armTimer = globalThis.setTimeout;
globalThis.setTimeout = ((callback: () => void, delayMs?: number) => {
  const timer = armTimer(callback, delayMs);
  return delayMs === LOCK_LIMIT_MS ? timer.unref() : timer;
}) as typeof setTimeout;

type PgAdapter = Awaited<ReturnType<PrismaPg['connect']>>;

/**
 * adapter-pg 6.19 runs a migration as the pieces between its semicolons, which tears function bodies apart. PostgreSQL
 * takes a whole script in one message, and then all of it or nothing holds.
 */
class WholeScriptPg extends PrismaPg {
  override async connect(): Promise<PgAdapter> {
    return sendScriptsWhole(await super.connect());
  }
  override async connectToShadowDb(): Promise<PgAdapter> {
    return sendScriptsWhole(await super.connectToShadowDb());
  }
}

function sendScriptsWhole(adapter: PgAdapter): PgAdapter {
  adapter.executeScript = async (script) => {
    try {
      await adapter.underlyingDriver().query(script);
    } catch (error) {
      // The engine calls what it gets an external error and keeps PostgreSQL's words to itself.
      console.error(error instanceof Error ? `PostgreSQL: ${error.message}` : error);
      throw error;
    }
  };
  return adapter;
}

// Connections come from the adapter below, but Prisma reads the datasource's variable before it learns that, and
// without it falls back to downloading its Rust engine.
process.env.DATABASE_URL ??= 'postgresql://localhost/unused';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  experimental: { adapter: true },
  engine: 'js',
  // Without a short idle time the command line waits ten seconds for the pool at its end.
  adapter: async () =>
    new WholeScriptPg({
      connectionString: process.env.DATABASE_OWNER_URL ?? process.env.DATABASE_URL,
      idleTimeoutMillis: 100,
      // A migration that cannot get its lock at once gives way to the traffic that holds it.
      options: '-c lock_timeout=1s',
    }),
});
