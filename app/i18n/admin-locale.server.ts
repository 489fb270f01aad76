import { chooseAdminLocale } from './languages.ts';
import type { AdminLocale } from './languages.ts';

/** The language that the admin names in the frame's address, else one that the browser asks for. */
export function adminLocaleOf(request: Request): AdminLocale {
  const inAddress = new URL(request.url).searchParams.get('locale');
  const inBrowser = (request.headers.get('Accept-Language') ?? '').split(',').map((entry) => entry.split(';', 1)[0]?.trim());
  return chooseAdminLocale([inAddress, ...inBrowser]);
}
