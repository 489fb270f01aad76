import pino from 'pino';

import { env } from '#app/env.server.ts';
import { currentRequestId } from '#app/request-id.server.ts';

/**
 * Fields are named at each call and carry ids, counts and states: never a token, an e-mail or a payload. Errors are
 * reduced to name, message and stack, because vendors' errors hang whole requests on themselves.
 */
export const log = pino({
  level: env.LOG_LEVEL,
  base: null,
  mixin() {
    const requestId = currentRequestId();
    return requestId === undefined ? {} : { requestId };
  },
  serializers: {
    err: (error: unknown) =>
      error instanceof Error
        ? { name: error.name, message: error.message, stack: error.stack, cause: describeCause(error.cause) }
        : { name: typeof error },
  },
});

function describeCause(cause: unknown): string | undefined {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : undefined;
}
