/** Something that was asked for with a key of its own, and whose answer is not known yet. */
export interface Wish {
  /** Who wants what: of another wish the key is not to be used again. */
  of: string;
  key: string;
}

/** The part of Shopify's `storage` that is used: it outlives a reload of the checkout, and may have lost anything. */
export interface WishStore {
  read: (name: string) => Promise<unknown>;
  write: (name: string, value: Wish) => Promise<void>;
  delete: (name: string) => Promise<void>;
}

export interface WishKeeper {
  /** The key of the wish while it is not settled, whatever was reloaded meanwhile; a new one otherwise. */
  keyFor: (of: string) => Promise<string>;
  settle: () => void;
}

const NAME = 'unsettled-wish';
/** Reading takes milliseconds. A browser that never answers is no reason not to redeem. */
const PATIENCE_MS = 1000;

/**
 * Keeps the key of a redemption until its answer is known, so that whoever reloads the checkout in the middle of one and
 * taps again asks for the same, and pays once. Where nothing can be stored it is kept for as long as the page lives.
 */
export function keepWish(store: WishStore, wait: (milliseconds: number) => Promise<void>, newKey: () => string): WishKeeper {
  let wish = Promise.race([attempt(() => store.read(NAME)).then(readWish), wait(PATIENCE_MS).then(() => null)]);
  return {
    async keyFor(of) {
      const known = await wish;
      if (known?.of === of) return known.key;
      const made = { of, key: newKey() };
      wish = Promise.resolve(made);
      // Not waited for: what Shopify is told first it does first.
      void attempt(() => store.write(NAME, made));
      return made.key;
    },
    settle() {
      wish = Promise.resolve(null);
      void attempt(() => store.delete(NAME));
    },
  };
}

/** Undefined where the browser does not let anything be stored. */
async function attempt<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

function readWish(value: unknown): Wish | null {
  if (typeof value !== 'object' || value === null || !('of' in value) || !('key' in value)) return null;
  const { of, key } = value;
  return typeof of === 'string' && typeof key === 'string' && key !== '' ? { of, key } : null;
}
