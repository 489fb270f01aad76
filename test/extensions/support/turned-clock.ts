import type { AppConnection } from '../../../extensions/shopper-kit/src/ask-app.ts';

export type Reply = object | number | string | Error;

/** A connection whose clock moves only by waiting; the last reply is given again and again. */
export function connectionOf(replies: Reply[], { answerMs = 0 }: { answerMs?: number } = {}) {
  const page = new AbortController();
  const seen = { waits: [] as number[], tokens: 0, questions: 0, urls: [] as string[], bodies: [] as unknown[] };
  let nowMs = 0;
  const app: AppConnection = {
    address: 'https://app.example.com',
    getSessionToken: async () => `token ${(seen.tokens += 1)}`,
    fetch: async (url, { body }) => {
      nowMs += answerMs;
      const reply = replies[Math.min(seen.questions, replies.length - 1)];
      seen.questions += 1;
      seen.urls.push(url);
      if (body !== undefined) seen.bodies.push(JSON.parse(body));
      if (reply instanceof Error) throw reply;
      if (typeof reply === 'number') return new Response('{}', { status: reply });
      return new Response(typeof reply === 'string' ? reply : JSON.stringify(reply));
    },
    wait: async (milliseconds) => {
      seen.waits.push(milliseconds);
      nowMs += milliseconds;
    },
    nowMs: () => nowMs,
    signal: page.signal,
  };
  return { app, seen, page, elapsedMs: () => nowMs };
}
