/**
 * Where the app runs. Shopify CLI writes environment variables into the bundle as it builds: `app dev` gives its tunnel
 * as APP_URL, `app deploy` takes what the shell or `.env` says. One that is not set stays as it is written here, and in
 * a buyer's browser there is no `process` to read it from.
 */
export function appAddress(): string | null {
  return readOrNull(() => process.env.APP_URL) ?? readOrNull(() => process.env.SHOPIFY_APP_URL);
}

function readOrNull(read: () => string | undefined): string | null {
  try {
    return read() || null;
  } catch {
    return null;
  }
}
