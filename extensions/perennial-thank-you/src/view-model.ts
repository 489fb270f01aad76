import type { NextOrderOfferReady } from '../../../app/contracts/next-order-offer.ts';

/** Numbers and dates stand inside our sentences, so they follow the sentences' language where Shopify's may differ. */
type InOurLanguage = { inExtensionLocale: true };

/** What Shopify gives to write numbers and sentences in the buyer's language. */
export interface Wording {
  translate: (key: string, replacements?: Record<string, string>) => string;
  formatNumber: (value: number, options: InOurLanguage & Intl.NumberFormatOptions) => string;
  formatCurrency: (value: number, options: InOurLanguage & Intl.NumberFormatOptions) => string;
  formatDate: (value: Date, options: InOurLanguage & Intl.DateTimeFormatOptions) => string;
  /** IANA name of the buyer's zone. */
  timeZone: string | undefined;
}

/** The block in the buyer's words, ready to be drawn. */
export interface OfferView {
  heading: string;
  sentence: string;
  /** Until when, from which amount, how often: one short sentence each. */
  terms: string[];
  code: string;
}

export function viewOffer(offer: NextOrderOfferReady, wording: Wording): OfferView | null {
  const end = new Date(offer.endsAt);
  if (Number.isNaN(end.getTime())) return null;
  const { translate } = wording;
  const percent = wording.formatNumber(offer.percentBasisPoints / 100, { inExtensionLocale: true });
  const terms = [translate('validUntil', { date: formatEnd(end, wording) })];
  if (offer.minimumSubtotal !== null) {
    terms.push(translate('minimum', { amount: formatAmount(offer.minimumSubtotal, wording) }));
  }
  terms.push(translate(offer.isPersonal ? 'onceForYou' : 'once'));
  return { heading: translate('heading'), sentence: translate('sentence', { percent }), terms, code: offer.code };
}

/** A code ends with a day of the shop. Where that is another hour for the buyer, the hour is part of the truth. */
function formatEnd(end: Date, { formatDate, timeZone }: Wording): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const date = { inExtensionLocale: true, ...zone, year: 'numeric', month: 'long', day: 'numeric' } as const;
  return endsWithTheDay(end, zone)
    ? formatDate(end, date)
    : formatDate(end, { ...date, hour: 'numeric', minute: '2-digit' });
}

function endsWithTheDay(end: Date, zone: { timeZone?: string }): boolean {
  const clock = new Intl.DateTimeFormat('en-GB', { ...zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return clock.format(end) === '23:59';
}

function formatAmount(
  { amountMinor, currency, decimals }: NonNullable<NextOrderOfferReady['minimumSubtotal']>,
  { formatCurrency }: Wording,
): string {
  const isWhole = amountMinor % 10 ** decimals === 0;
  return formatCurrency(amountMinor / 10 ** decimals, {
    inExtensionLocale: true,
    currency,
    minimumFractionDigits: isWhole ? 0 : decimals,
  });
}

/** For the checkout editor, where there is no order. */
export function sampleOffer(now: Date): NextOrderOfferReady {
  const end = new Date(now.getTime() + 30 * 86_400_000);
  end.setHours(23, 59, 59, 0);
  return {
    state: 'ready',
    code: 'BACK-SAMPLE42',
    percentBasisPoints: 1500,
    minimumSubtotal: null,
    endsAt: end.toISOString(),
    isPersonal: true,
  };
}
