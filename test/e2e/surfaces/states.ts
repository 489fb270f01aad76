/** What a surface may find around it; the order is that of the table. */
export const STATES = [
  'guest',
  'signed in',
  'data not approved',
  'order not known yet',
  'app slow',
  'app down',
  'token refused',
  'editor preview',
  'right to left',
  'longest German',
  '320 px',
  'keyboard only',
] as const;
export type State = (typeof STATES)[number];

const LOCALES: Partial<Record<State, string>> = { 'right to left': 'ar', 'longest German': 'de' };

export function localeOf(state: State): string {
  return LOCALES[state] ?? 'en';
}

/** The app's questions that fail then, whatever they are. */
export const FAILS: Partial<Record<State, 'down' | 401>> = { 'app down': 'down', 'token refused': 401 };
