import { existsSync } from 'node:fs';

/** The same engine without a window of its own comes first: a page takes a quarter less of a processor in it. */
const USUAL_PLACES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

export const CHROMIUM_ADVICE =
  'The browser tests need Chromium or Chrome: `apt-get install chromium` (Debian), `brew install --cask chromium` (macOS), ' +
  'or set CHROMIUM_PATH to the program of one that is installed.';

/** `$CHROMIUM_PATH`, else the browser in one of the usual places; undefined when there is none. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  if (named) return existsSync(named) ? named : undefined;
  return USUAL_PLACES.find((path) => existsSync(path));
}

/** @throws Error that says how to get one */
export function requireChromium(): string {
  const path = findChromium();
  if (path === undefined) throw new Error(CHROMIUM_ADVICE);
  return path;
}
