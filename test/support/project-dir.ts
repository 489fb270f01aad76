import { fileURLToPath } from 'node:url';

/** Absolute, without a trailing slash. */
export const PROJECT_DIR = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
