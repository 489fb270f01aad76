const JSON_TYPE = /^application\/json\s*(;|$)/i;

/**
 * The body of a request that calls itself JSON; undefined for any other, and for a broken one. A page of another site can
 * send no JSON in somebody's name without asking first, which it can with a form or plain text.
 */
export async function readJson(request: Request): Promise<unknown> {
  if (!JSON_TYPE.test(request.headers.get('Content-Type') ?? '')) return undefined;
  try {
    return JSON.parse(await request.text());
  } catch {
    return undefined;
  }
}
