import { MS_PER_24_HOURS } from '#app/domain/time/durations.ts';

/** How long each is kept, in days. `keepUp` lets go of it, and the merchant's page says so. */
export const KEPT_DAYS = {
  /** Of a data request: Shopify gives the merchant a month to hand it on, and it is a heap of one person's data. */
  answer: 30,
  /** A webhook that was handled, which has no body any more: only to tell a repeated one, and Shopify repeats for hours. */
  handledWebhook: 30,
  /** One that was given up, with its body: two months in which somebody looks, and a release mends what it met. */
  deadWebhook: 60,
  /** One that an operator dismissed, without its body: who did and why, as long as who opened what. */
  dismissedWebhook: 365,
  /** Which lines of a file could not be read: by then they were seen, or the file was asked for anew. */
  importProblems: 30,
  /** A pull of what changed since: it made up for one storm of webhooks, and only those of that day ask what came of it. */
  changesPull: 30,
  /** A pull that a later one of everything has replaced. Nothing personal: which one brought what is of use for a year. */
  replacedImport: 365,
  /** Who opened personal data: long enough that an inquiry finds it, a year being what auditors look back over. */
  access: 365,
  /** A run of writing a segment to Shopify, but the last of each: a month of nights to look back on. */
  segmentRun: 30,
  /** Whom we marked in Shopify, once that is kept up to date no longer: for a year it can be undone. */
  segmentUndo: 365,
  /** What Shopify Flow was told of: to see what a workflow began with. */
  flowEvent: 30,
  /** A shop that left and whose shop/redact never came. Shopify sends it after two days; a lost one must not mean for ever. */
  shopThatLeft: 30,
} as const;

export function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * MS_PER_24_HOURS);
}
