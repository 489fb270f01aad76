/** What a page tells of webhooks. Instants are epoch milliseconds. */
export interface WebhookNotices {
  /** Those that came and have not been worked through yet. */
  waiting: number;
  /** Those that were given up, latest first, at most 200. */
  dead: readonly { webhookId: string; topic: string; receivedAtMs: number; canRedrive: boolean }[];
}
