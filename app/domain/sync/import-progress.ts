export type ImportState = 'requested' | 'running' | 'storing' | 'completed' | 'failed' | 'cancelled';
export type ImportedRecords = 'orders' | 'customers';

/** How far the latest pull of one kind of record is. Instants are epoch milliseconds. */
export interface ResourceProgress {
  resource: ImportedRecords;
  state: ImportState;
  /** Orders or customers in the file that Shopify is preparing. */
  rootsPrepared: number;
  /** How many the store had when the file was asked for; null where Shopify did not tell. */
  rootsExpected: number | null;
  /** What Shopify has put into the file; final once `storing`. An order and each line of it are one object each. */
  objectsReported: number;
  objectsStored: number;
  /** Objects that could not be read, and are listed by the worker. */
  objectsRejected: number;
  /** Orders or customers that Perennial has by now, whoever brought them: a pull or a webhook. */
  recordsKept: number;
  requestedAtMs: number;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  errorCode: string | null;
}

export interface ImportProgress {
  resources: readonly ResourceProgress[];
  /** Each kind of record has been pulled to its end once, so that there is something to report on. */
  hasHistory: boolean;
}

const UNFINISHED: readonly ImportState[] = ['requested', 'running', 'storing'];

export function isUnfinished(state: ImportState): boolean {
  return UNFINISHED.includes(state);
}

export function isImporting(progress: ImportProgress): boolean {
  return progress.resources.some(({ state }) => isUnfinished(state));
}

/** Resources whose latest pull ended without success. */
export function stoppedResources(progress: ImportProgress): ResourceProgress[] {
  return progress.resources.filter(({ state }) => state === 'failed' || state === 'cancelled');
}

/**
 * The share of objects stored, 0 to 1, or null while nobody can know it: until Shopify has finished the file, the number
 * it reports still grows. Storing begins after that, so a pull that was stopped with something stored had its file. An
 * empty history is complete as soon as it is known to be empty.
 */
export function storedFraction({ state, objectsStored, objectsReported, objectsRejected }: ResourceProgress): number | null {
  if (state === 'completed') return 1;
  const wasStoring = (state === 'failed' || state === 'cancelled') && objectsStored > 0;
  if (state !== 'storing' && !wasStoring) return null;
  if (objectsReported === 0) return 0;
  return Math.min(1, (objectsStored + objectsRejected) / objectsReported);
}

/**
 * The share of the file that Shopify has prepared, 0 to 1, or null when that is not what is going on or nobody can know.
 * A store sells while its file is prepared, so the share stops short of 1 until the file is said to be ready.
 */
export function preparedFraction({ state, rootsPrepared, rootsExpected }: ResourceProgress): number | null {
  if (state !== 'running' || rootsExpected === null || rootsExpected === 0) return null;
  return Math.min(0.99, rootsPrepared / rootsExpected);
}
