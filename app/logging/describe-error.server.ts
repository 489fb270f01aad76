/** What is written down of an error: enough to find the place and the kind, and nothing that a stranger wrote. */
export interface DescribedError {
  name: string;
  /** Of PostgreSQL, Prisma or the operating system. */
  code?: string;
  message?: string;
  /** Places in code, without the message that a stack begins with. */
  stack?: string;
  cause?: DescribedError;
}

/**
 * Errors whose messages are made by us, or by Node about our own code: they name fields, ids, counts and states. Every
 * other one may quote what it stumbled over (a webhook's body, a row, a whole request with its token), so of those the
 * name and the code have to do. A test holds this list against the classes in app/.
 */
export const OWN_ERRORS: readonly string[] = [
  'BackupFileError',
  'BlindOwnerError',
  'EntryExistsError',
  'FailpointError',
  'HashKeyChangedError',
  'MergedMeanwhileError',
  'MetafieldRefusedError',
  'MismatchError',
  'MissingScopeError',
  'NotYetError',
  'RefusedAddressError',
  'ShopNotKnownError',
  'ShopifyAccessError',
  'ShopifyGrantUnclearError',
  'ShopifyRecordError',
  'ShopifyRequestError',
  'ShopifyUnavailableError',
  'TombstoneFileError',
  'TooLargeAnswerError',
  'UnfitTargetError',
  'UnhandledTopicError',
  'UnitTimeoutError',
  'UnsafeDatabaseRoleError',
  'UnsealError',
  'UnsoundEntryError',
  'UnusualError',
  'WorkerEndedError',
];
const NODES_ERRORS: readonly string[] = ['Error', 'TypeError', 'RangeError', 'ReferenceError', 'AbortError', 'TimeoutError'];

const MAX_CAUSES = 4;
const MAX_MESSAGE = 500;

export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { name: typeof error };
  const isKnown = OWN_ERRORS.includes(error.name) || NODES_ERRORS.includes(error.name);
  const code = codeOf(error);
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    ...(isKnown ? { message: scrubText(error.message) } : {}),
    ...(frames === undefined || frames.length === 0 ? {} : { stack: frames.join('\n') }),
    ...(error.cause === undefined || depth >= MAX_CAUSES ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}

/** Prisma has PostgreSQL's code one or two levels down. */
function codeOf(error: Error): string | undefined {
  const own = readText(error, 'code');
  const meta = readField(error, 'meta');
  const below = readField(readField(meta, 'driverAdapterError'), 'cause');
  const sqlState = readText(meta, 'code') ?? readText(below, 'originalCode');
  return [own, sqlState].filter((part) => part !== undefined).join(' ') || undefined;
}

function readText(value: unknown, field: string): string | undefined {
  const found = readField(value, field);
  return typeof found === 'string' && /^[\w-]{1,40}$/.test(found) ? found : undefined;
}

function readField(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
}

const SECRETS: readonly RegExp[] = [
  // Quoted: what an error stumbled over. An apostrophe within a word is none.
  /"[^"]*"/g,
  /`[^`]*`/g,
  /(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu,
  /\bBearer\s+\S+/gi,
  /\beyJ[\w-]+(\.[\w-]+)*/g,
  /\bshp[a-z]{2}_\w+/gi,
  /[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+/g,
  /\+\d[\d ()/-]{6,}\d/g,
  // Keys and tokens of other makes: long, without a space, with a digit.
  /(?=[\w+/=-]*\d)[\w+/=-]{32,}/g,
];

/** Takes out of a text of somebody else what may be a secret or a person; for the few that are written down at all. */
export function scrubText(text: string): string {
  return SECRETS.reduce((scrubbed, pattern) => scrubbed.replace(pattern, '…'), text).slice(0, MAX_MESSAGE);
}
