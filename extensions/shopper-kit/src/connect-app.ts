import { appAddress } from './app-address.ts';
import type { AppConnection } from './ask-app.ts';

/** The app as an extension reaches it from its page; null where the bundle was made without the app's address. */
export function connectApp(getSessionToken: () => Promise<string>, signal: AbortSignal): AppConnection | null {
  const address = appAddress();
  return address === null
    ? null
    : { address, getSessionToken, fetch: (url, init) => fetch(url, init), wait, nowMs: () => Date.now(), signal };
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
