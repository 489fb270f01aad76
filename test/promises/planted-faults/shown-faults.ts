import type { PlantedFault } from './planted-fault.ts';

/** Of what shoppers and merchants see; each was planted once, and no test of that day noticed. */
export const SHOWN_FAULTS: readonly PlantedFault[] = [
  {
    name: 'the points that come next are all that are pending',
    edits: [{ file: 'app/domain/shopper/points-now.ts', find: '(lot.maturesAtMs === atMs ? sum + lot.pending : sum)', replace: '(sum + lot.pending)' }],
    test: 'test/domain/shopper/points-now.test.ts',
    named: /first instant alone/,
  },
  {
    name: 'what matured and ended since is shown as points',
    edits: [{ file: 'app/domain/shopper/points-now.ts', find: 'planExpiry(matured, {', replace: 'planExpiry(ledger, {' }],
    test: 'test/domain/shopper/points-now.test.ts',
    named: /matured and ended/,
  },
  {
    name: 'a rate is shown in a currency that earns nothing',
    edits: [{ file: 'app/domain/shopper/ways-to-earn.ts', find: "(earning.otherCurrencies === 'convert' ? rateIn(shopCurrency) : undefined)", replace: 'rateIn(shopCurrency)' }],
    test: 'test/domain/shopper/ways-to-earn.test.ts',
    named: /only where the program converts/,
  },
  {
    name: 'who comes back for nothing has not come back',
    edits: [{ file: 'app/domain/offers/holdout/sum-sides.ts', find: 'if (spent === null) continue;', replace: 'if (!spent) continue;' }],
    test: 'test/domain/offers/holdout/sum-sides.test.ts',
    named: /came back for nothing/,
  },
  {
    name: 'an offer for one amount alone is refused',
    edits: [{ file: 'app/domain/offers/find-offer-problems.ts', find: 'least > most) add', replace: 'least >= most) add' }],
    test: 'test/domain/offers/offers-draft.test.ts',
    named: /one amount alone/,
  },
  {
    name: 'the name of an offer is as long as its bytes',
    edits: [{ file: 'app/domain/offers/find-offer-problems.ts', find: '[...name].length', replace: 'name.length' }],
    test: 'test/domain/offers/offers-draft.test.ts',
    named: /sixty characters/,
  },
  {
    name: 'a mean of orders is cut off',
    edits: [{ file: 'app/domain/segments/select-members.ts', find: 'averages[i] = Math.round(', replace: 'averages[i] = Math.floor(' }],
    test: 'test/domain/segments/select-members.test.ts',
    named: /half of one up/,
  },
  {
    name: 'who meets one condition meets the next that nobody knows of',
    edits: [{ file: 'app/domain/segments/select-members.ts', find: '      meets.fill(0);\n', replace: '' }],
    test: 'test/domain/segments/select-members.test.ts',
    named: /not known of anybody/,
  },
  {
    name: 'a page skips the next of the same value when somebody is gone',
    edits: [{ file: 'app/domain/segments/page-of-customers.ts', find: 'from?.isThere === true ? fromCustomer : fromCustomer - 1', replace: 'fromCustomer' }],
    test: 'test/domain/segments/page-of-customers.test.ts',
    named: /same value/,
  },
  {
    name: 'of whom nothing is predicted is as one of whom nothing is expected',
    edits: [{ file: 'app/domain/segments/page-of-customers.ts', find: 'Number.isNaN(value) ? NOT_KNOWN : value', replace: 'Number.isNaN(value) ? 0 : value' }],
    test: 'test/domain/segments/page-of-customers.test.ts',
    named: /below those/,
  },
  {
    name: 'a segment of one number alone is a contradiction',
    edits: [{ file: 'app/domain/segments/saved-segment.ts', find: 'to !== null && from > to', replace: 'to !== null && from >= to' }],
    test: 'test/domain/segments/saved-segment.test.ts',
    named: /refused without conditions/,
  },
  {
    name: 'a choice that is named twice counts twice',
    edits: [{ file: 'app/domain/segments/count-segments.ts', find: 'of new Set(anyOf))', replace: 'of anyOf)' }],
    test: 'test/domain/segments/saved-segment.test.ts',
    named: /nobody twice/,
  },
  {
    name: 'a percent sign of a value is decoded',
    edits: [{ file: 'app/domain/segments/segment-query.ts', find: '/[%,~]/g', replace: '/[,~]/g' }],
    test: 'test/domain/segments/segment-query.test.ts',
    named: /looks as if it were encoded/,
  },
  {
    name: 'who is due for one product is who is due for any',
    edits: [{ file: 'app/domain/segments/urgency-choice.ts', find: "product: rest.length === 0 ? null : rest.join(':') }", replace: "product: rest.length > 1 ? rest.join(':') : null }" }],
    test: 'test/domain/segments/segment-query.test.ts',
    named: /due for one product/,
  },
  {
    name: 'regulars who are on time to the day are called late',
    edits: [{ file: 'app/domain/retention/advice/late-regulars-action.ts', find: 'days <= cooling ||', replace: 'days < cooling ||' }],
    test: 'test/domain/retention/advice/choose-weekly-actions.test.ts',
    named: /when they are on time/,
  },
  {
    name: 'a link to a cohort that is not over begins before its day',
    edits: [{ file: 'app/components/customers-link.ts', find: 'Math.max(0, asOfDay - days.lastDay)', replace: 'asOfDay - days.lastDay' }],
    test: 'test/components/retention/cohort-table.test.ts',
    named: /cohort that is not over/,
  },
  {
    name: 'store credit has an end on the storefront',
    edits: [{ file: 'extensions/perennial-storefront/assets/perennial-rewards.js', find: "  if (kind === 'store-credit') return item;\n", replace: '' }],
    test: 'test/extensions/perennial-storefront/panel.test.ts',
    named: /nothing of store credit/,
  },
  {
    name: 'a rule asks for an amount of a currency of before',
    edits: [{ file: 'app/domain/offers/in-currency.ts', find: 'isEnabled && !asksForAmount && !givesAmount', replace: 'isEnabled && !givesAmount' }],
    test: 'test/domain/offers/match-rule.test.ts',
    named: /asks for an amount/,
  },
  {
    name: 'a count of the very instant of an order has it not in',
    edits: [{ file: 'app/domain/offers/decide-offer.ts', find: 'shopify.readAsOfMs < order.createdAtMs ?', replace: 'shopify.readAsOfMs <= order.createdAtMs ?' }],
    test: 'test/domain/offers/decide-offer.test.ts',
    named: /very instant of the order/,
  },
  {
    name: 'a shop that switched invites off goes on to remind',
    edits: [{ file: 'app/domain/accounts/judge-invite.ts', find: 'if (!settings.isEnabled) return', replace: 'if (step === 0 && !settings.isEnabled) return' }],
    test: 'test/domain/accounts/judge-invite.test.ts',
    named: /a reminder never goes to somebody of a shop that switched it off/,
  },
  {
    name: 'store credit is given when its time is over',
    edits: [{ file: 'app/services/offers/give-offer-credits.server.ts', find: "  if (endsAtMs <= now().getTime()) return fail('ended');\n", replace: '' }],
    test: 'test/services/offers/give-offer-credits.test.ts',
    named: /time of its credit was over/,
  },
];
