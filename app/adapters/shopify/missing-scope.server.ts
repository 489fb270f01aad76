/** The merchant has not granted what this takes, as one has who installed the app before it asked for it. */
export class MissingScopeError extends Error {
  override name = 'MissingScopeError';
}

/** A field that is withheld of what we write is a scope that we lack. */
export function requireScope(withheld: readonly string[]): void {
  if (withheld.length > 0) throw new MissingScopeError(`Shopify withholds ${withheld.join(' ')}`);
}
