import { LogSeverity } from '@shopify/shopify-api';

import { scrubText } from '#app/logging/describe-error.server.ts';
import { log } from '#app/logging/log.server.ts';

/**
 * What Shopify's library may say. At info and below it prints whole tokens, whatever our LOG_LEVEL is; what it says of
 * errors goes through our own log, without what looks like a secret or a person.
 */
export const LIBRARY_LOGGER = {
  level: LogSeverity.Error,
  log: (_severity: LogSeverity, message: string): void => {
    log.error({ detail: scrubText(message) }, 'the library of Shopify reports an error');
  },
};
