import pino from 'pino';

import { describeError } from '#app/logging/describe-error.server.ts';
import { env } from '#app/env.server.ts';
import { currentRequestId } from '#app/logging/request-id.server.ts';

/**
 * Fields are named at each call and carry ids, counts and states: never a token, an e-mail or a payload. Errors are
 * reduced to what describe-error.server.ts lets through, because vendors' errors hang whole requests on themselves.
 */
export const log = pino({
  level: env.LOG_LEVEL,
  base: null,
  mixin() {
    const requestId = currentRequestId();
    return requestId === undefined ? {} : { requestId };
  },
  serializers: {
    err: (error: unknown) => describeError(error),
  },
});
