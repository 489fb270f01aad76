import { amountOf } from '#app/components/previews/sample-shopper.ts';
import type { OfferWords } from '#app/components/previews/thank-you-preview.tsx';
import type { OfferGrant, OfferRule } from '#app/domain/offers/offer-rule.ts';
import { planValidity } from '#app/domain/offers/plan-discount.ts';
import type { ShopperWording } from '#app/domain/texts/shopper-wording.ts';
import { MS_PER_HOUR, MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { formatInstant } from '#app/domain/time/format-instant.ts';

const SAMPLE_CODE = 'BACK-SAMPLE42';

interface Seen {
  readonly wording: ShopperWording;
  /** Null until the first sync has read the shop; then no rule has amounts. */
  readonly currency: string | null;
  readonly timeZone: string;
  readonly nowMs: number;
}

/** What the block of the thank-you page says of a rule's offer, for an order placed now. */
export function sayRule({ grant, minimumSubtotalMinor, validity }: OfferRule, { wording, currency, timeZone, nowMs }: Seen): OfferWords {
  const { endsAtMs } = planValidity(validity, nowMs, timeZone);
  const date = wording.end(formatInstant(endsAtMs));
  const amount = (amountMinor: number) => (currency === null ? '' : wording.amount(amountOf({ amountMinor, currency })));
  const said = { heading: wording.say('heading'), sentence: sayGrant(grant, wording, amount) };
  if (grant.kind === 'store-credit') return { ...said, terms: [wording.say('creditUntil', { date }), wording.say('creditHow')], code: null };
  return {
    ...said,
    terms: [
      ...(validity.kind === 'hours' ? [sayTimeLeft(endsAtMs - nowMs, wording)] : []),
      wording.say('validUntil', { date }),
      ...(minimumSubtotalMinor === 0 ? [] : [wording.say('minimum', { amount: amount(minimumSubtotalMinor) })]),
      wording.say('once'),
    ],
    code: SAMPLE_CODE,
  };
}

function sayGrant(grant: OfferGrant, wording: ShopperWording, amount: (amountMinor: number) => string): string {
  switch (grant.kind) {
    case 'percent':
      return wording.say('sentence', { percent: wording.percent(grant.basisPoints) });
    case 'amount':
      return wording.say('sentenceAmount', { amount: amount(grant.amountMinor) });
    case 'free-shipping':
      return wording.say('sentenceShipping');
    case 'store-credit':
      return wording.say('sentenceCredit', { amount: amount(grant.amountMinor) });
  }
}

/** As the block begins to count: a flash offer is never shorter than an hour. */
function sayTimeLeft(leftMs: number, wording: ShopperWording): string {
  const minutes = Math.ceil(leftMs / (60 * MS_PER_SECOND));
  const say = (value: number, unit: 'hour' | 'minute') => new Intl.NumberFormat(wording.locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
  const minutesAnHour = MS_PER_HOUR / (60 * MS_PER_SECOND);
  return wording.say('timeLeft', { first: say(Math.floor(minutes / minutesAnHour), 'hour'), second: say(minutes % minutesAnHour, 'minute') });
}
