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
  /** Orders or customers that Perennial has by now, whoever brought them: a pull or a webhook. Null where nobody asked. */
  recordsKept: number | null;
  requestedAtMs: number;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  errorCode: string | null;
  /** One line each for the first records that could not be read, `line 12: why`; or what Shopify said of a refusal. */
  errorDetail: string | null;
}

/** A record that could not be read. */
export interface UnreadRecord {
  /** In Shopify's file, from 1. */
  line: number;
  problem: string;
}

const UNREAD_SHOWN = 10;
const UNREAD_LINE = /^line (\d+): (.+)$/;

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

/**
 * Whether there is anything to say of the import beside the numbers: there are none yet, more are coming, or the latest
 * pull failed. One that was stopped on purpose leaves the numbers as good as they were.
 */
export function isHistoryIncomplete(progress: ImportProgress): boolean {
  return !progress.hasHistory || isImporting(progress) || stoppedResources(progress).some(({ state }) => state === 'failed');
}

/** Resources whose latest pull ended without success. */
export function stoppedResources(progress: ImportProgress): ResourceProgress[] {
  return progress.resources.filter(({ state }) => state === 'failed' || state === 'cancelled');
}

/** The first records that could not be read, and how many there are besides. */
export function unreadRecords({ errorDetail, objectsRejected }: ResourceProgress): { shown: UnreadRecord[]; more: number } {
  const shown = (errorDetail ?? '')
    .split('\n')
    .flatMap((text) => {
      const [, line, problem] = UNREAD_LINE.exec(text) ?? [];
      return line === undefined || problem === undefined ? [] : [{ line: Number(line), problem }];
    })
    .slice(0, UNREAD_SHOWN);
  return { shown, more: Math.max(0, objectsRejected - shown.length) };
}

/** Of the whole way: Shopify prepares the file, then what is in it is stored. */
const PREPARED_SHARE = 0.5;

/**
 * How far the import is, 0 to 1, on one scale that never goes back; null while nobody can know it, because the store was
 * not counted or nothing has begun. Storing begins when the file is done, so an import that was stopped with something
 * stored had its file. A store sells while its file is prepared, so that part stops short of its end until the file is
 * said to be ready. An empty history is complete as soon as it is known to be empty.
 */
export function importedFraction(progress: ResourceProgress): number | null {
  const { state, objectsStored } = progress;
  if (state === 'requested') return null;
  if (state === 'completed') return 1;
  const hasFile = state === 'storing' || (state !== 'running' && objectsStored > 0);
  return hasFile ? PREPARED_SHARE + (1 - PREPARED_SHARE) * storedFraction(progress) : preparedFraction(progress);
}

function storedFraction({ objectsStored, objectsReported, objectsRejected }: ResourceProgress): number {
  if (objectsReported === 0) return 0;
  return Math.min(1, (objectsStored + objectsRejected) / objectsReported);
}

function preparedFraction({ rootsPrepared, rootsExpected }: ResourceProgress): number | null {
  if (rootsExpected === null || rootsExpected === 0) return null;
  return PREPARED_SHARE * Math.min(0.99, rootsPrepared / rootsExpected);
}
