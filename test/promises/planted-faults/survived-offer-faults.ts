import type { PlantedFault } from './planted-fault.ts';

const INVITES = 'app/adapters/db/accounts/account-invites.repository.server.ts';
const IN_DOUBT = 'test/services/accounts/invites-in-doubt.test.ts';
const NOT_GIVEN = 'test/services/offers/offers-not-given.test.ts';
const ISSUING = 'app/services/offers/issue-offer-codes.server.ts';

/** Of offers, invites and what is told of products, that no test once noticed. */
export const SURVIVED_OFFER_FAULTS: readonly PlantedFault[] = [
  {
    name: 'an invite that may have gone out is forgotten when the next try is refused',
    edits: [{ file: 'app/services/accounts/advance-invites.server.ts', find: 'error instanceof ShopifyAccessError && invite.begun === null', replace: 'error instanceof ShopifyAccessError' }],
    test: IN_DOUBT,
    named: /may have gone out once/,
  },
  {
    name: 'an invite that may have gone out is taken up again',
    edits: [{ file: INVITES, find: ', emails: { none: {} } },', replace: ' },' }],
    test: IN_DOUBT,
    named: /may have gone out once/,
  },
  {
    name: 'an invite that may have gone out can be wished for again',
    edits: [{ file: INVITES, find: '    AND NOT EXISTS (SELECT FROM account_invite_emails e WHERE e.shop_id = i.shop_id AND e.customer_id = i.customer_id)`;', replace: '`;' }],
    test: IN_DOUBT,
    named: /may have gone out once/,
  },
  {
    name: 'an invite that Shopify refused goes on to its reminders',
    edits: [
      {
        file: 'app/services/accounts/advance-invites.server.ts',
        find: "    await endInvite(db, shop, { customerId, reason: 'refused' });\n",
        replace: '    await moveOn(db, shop, { customerId, to: { step: 1, at: now() } });\n',
      },
    ],
    test: IN_DOUBT,
    named: /Shopify refuses is over/,
  },
  {
    name: 'an invite that went out counts as unsent',
    edits: [{ file: INVITES, find: 'isSent: nextStep > 0', replace: 'isSent: nextStep > 1' }],
    test: IN_DOUBT,
    named: /counts as unsent/,
  },
  {
    name: 'who goes up in a customer with an invite keeps their own',
    edits: [{ file: INVITES, find: "  await connection.query('DELETE FROM account_invites WHERE shop_id = $1 AND customer_id = $2', [shopId, String(fromId)]);\n", replace: '' }],
    test: IN_DOUBT,
    named: /leaves none behind/,
  },
  {
    name: 'an amount is good in no currency',
    edits: [
      {
        file: 'app/domain/offers/find-offer-problems.ts',
        find: "  if (currency === null) add(found, path, 'no-currency');\n  else addUnlessWithin",
        replace: '  void currency;\n  addUnlessWithin',
      },
    ],
    test: 'test/domain/offers/find-offer-problems.test.ts',
    named: /known in which currency/,
  },
  {
    name: 'a deleted order counts as one before',
    edits: [{ file: 'app/adapters/db/offers/buyer-standing.server.ts', find: '(SELECT customer_id FROM asked) AND deleted_at IS NULL', replace: '(SELECT customer_id FROM asked)' }],
    test: NOT_GIVEN,
    named: /was deleted/,
  },
  {
    name: 'whom a limit refuses is put on record',
    edits: [
      {
        file: 'app/services/offers/request-next-order-offer.server.ts',
        find: 'if ((await request.mayRecord) === false) return async () => ({ told: ASK_AGAIN });',
        replace: 'await request.mayRecord;',
      },
    ],
    test: NOT_GIVEN,
    named: /nothing is put on record/,
  },
  {
    name: 'a code is brought to Shopify when its time is over',
    edits: [
      { file: ISSUING, find: "  await giveUp(context, due.filter(({ plan }) => plan.endsAtMs <= nowMs), 'ended');\n", replace: '' },
      { file: ISSUING, find: 'due.filter(({ plan }) => plan.endsAtMs > nowMs)', replace: 'due.filter(() => nowMs > 0)' },
    ],
    test: NOT_GIVEN,
    named: /until its time was over/,
  },
  {
    name: 'what one customer earns is shown to the next until there is another answer',
    edits: [{ file: 'extensions/perennial-checkout/src/use-estimate.ts', find: '    if (!isPreview) setEstimate(null);\n', replace: '' }],
    test: 'test/extensions/perennial-checkout/checkout.test.ts',
    named: /not shown to the next customer/,
  },
  {
    name: 'nobody is due for a product of which that is not known',
    edits: [{ file: 'app/domain/segments/mark-urgencies.ts', find: '  if (choices.length > 0 && !known.includes(true)) return false;\n', replace: '  void known;\n' }],
    test: 'test/domain/segments/select-members.test.ts',
    named: /too seldom to be due/,
  },
  {
    name: 'pairs of one lift and support come as they are counted',
    edits: [
      {
        file: 'app/domain/retention/products/bought-together.ts',
        find: '    other.baskets - one.baskets ||\n    compareProductKeys(one.a.id, other.a.id) ||\n    compareProductKeys(one.b.id, other.b.id)\n',
        replace: '    other.baskets - one.baskets\n',
      },
    ],
    test: 'test/domain/retention/products/bought-together.test.ts',
    named: /of one lift and support/,
  },
];
