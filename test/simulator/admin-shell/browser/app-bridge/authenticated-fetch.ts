const RETRY_HEADER = 'X-Shopify-Retry-Invalid-Session-Request';
const REAUTHORIZE_URL_HEADER = 'X-Shopify-API-Request-Failure-Reauthorize-Url';

/**
 * Gives each request to the app's own origin a session token. When the server calls the token invalid and asks for a
 * retry, sends the request once more with a fresh one; when it names an address to authorise at, opens that on top.
 */
export function authenticateFetch(idToken: () => Promise<string>, openOnTop: (url: string) => void): void {
  const plainFetch = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (new URL(request.url).origin !== location.origin || request.headers.has('Authorization')) {
      return plainFetch(input, init);
    }
    const again = request.clone();
    const response = await plainFetch(await withToken(request, idToken));
    const answer =
      response.status === 401 && response.headers.has(RETRY_HEADER)
        ? await plainFetch(await withToken(again, idToken))
        : response;
    const reauthorizeUrl = answer.headers.get(REAUTHORIZE_URL_HEADER);
    if (reauthorizeUrl !== null && (answer.status === 401 || answer.status === 403)) openOnTop(reauthorizeUrl);
    return answer;
  };
}

async function withToken(request: Request, idToken: () => Promise<string>): Promise<Request> {
  const headers = new Headers(request.headers);
  headers.set('Authorization', `Bearer ${await idToken()}`);
  return new Request(request, { headers });
}
