import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import { writeOffersDraft } from '#app/domain/offers/offers-draft.ts';
import { offering } from '#test/services/offers/offering.ts';
import type { TenantIds } from './tenants.ts';

/** Whom a route lets in: that decides what it is tried with. */
export type RouteKind =
  /** A page or its data, with a token of the admin: calls `merchantContext`. */
  | 'merchant'
  /** What a block in the checkout or the customer's account calls: `checkoutContext`. */
  | 'checkout'
  | 'webhook'
  /** Behind Shopify's app proxy. */
  | 'proxy'
  /** Of our own operators, with OPERATOR_TOKEN. */
  | 'operator'
  /** Everybody, and it tells nothing of any shop. */
  | 'public';

export interface RouteCall {
  method: 'GET' | 'POST';
  /** A real address of the route, with the parameters that it reads, and nothing that proves who asks. */
  path: string;
  /** The fields of a form that the action takes. */
  form?: Record<string, string>;
  /** The same where it takes JSON instead. */
  json?: Record<string, unknown>;
  /** What it answers to whoever may ask, where that is not 200 or 404. */
  answers?: readonly number[];
}

export interface RouteCase {
  kind: RouteKind;
  /** One call for the loader, and one for each thing that the action does; wherever an id goes, one of these. */
  calls: (ids: TenantIds) => RouteCall[];
}

const get = (path: string): RouteCall => ({ method: 'GET', path });
const post = (path: string, form: Record<string, string>): RouteCall => ({ method: 'POST', path, form });
const postJson = (path: string, json: Record<string, unknown>): RouteCall => ({ method: 'POST', path, json });
/** The key of a wish is any UUID; here one that another shop's redemption is called by. */
const wishBy = (requestKey: string) => ({ rewardId: 'any-amount', points: 100, requestKey });
const webhook = (path: string): RouteCase => ({ kind: 'webhook', calls: () => [{ method: 'POST', path }] });
const isPublic = (...paths: string[]): RouteCase => ({ kind: 'public', calls: () => paths.map(get) });

const PROGRAM = JSON.stringify(defaultProgram({ currency: 'EUR', unitMinor: 100 }));

/**
 * How each route of the app is called. The tests of A1, A2, A3 and A12 try every one of them: forged tokens, tokens of
 * another kind, another shop's ids, hostile forms. A route that is missing here fails CI.
 */
export const ROUTE_CASES: Record<string, RouteCase> = {
  'routes/$': { kind: 'public', calls: ({ orderId }) => [get(`/orders/${orderId}`), post(`/orders/${orderId}`, { id: String(orderId) })] },
  'routes/_index': isPublic('/'),
  'routes/api.admin.adjustments': {
    kind: 'merchant',
    calls: ({ customerId }) => [
      { ...get('/api/admin/adjustments'), answers: [405] },
      postJson('/api/admin/adjustments', { ...{ customerId: String(customerId), points: '5', direction: 'give', reason: 'For the wait' }, requestKey: '01890a5d-ac96-774b-bcce-b302099a8058' }),
    ],
  },
  'routes/api.admin.customer': { kind: 'merchant', calls: ({ customerId }) => [get(`/api/admin/customer?id=${customerId}`), get(`/api/admin/customer?id=${encodeURIComponent(`gid://shopify/Customer/${customerId}`)}`)] },
  'routes/api.admin.gift': { kind: 'merchant', calls: ({ giftId }) => [get(`/api/admin/gift?id=${giftId}`)] },
  'routes/api.admin.gifts': {
    kind: 'merchant',
    calls: ({ giftId, nativeSegmentId }) => [
      { ...get('/api/admin/gifts'), answers: [405] },
      postJson('/api/admin/gifts', { segmentId: String(nativeSegmentId), points: '50', reason: `Canary gift ${giftId.slice(0, 1)}`, requestKey: giftId }),
    ],
  },
  'routes/api.admin.segment': { kind: 'merchant', calls: ({ nativeSegmentId }) => [get(`/api/admin/segment?id=${nativeSegmentId}`)] },
  'routes/api.checkout.next-order-offer': {
    kind: 'checkout',
    calls: ({ orderId }) => [get(`/api/checkout/next-order-offer?orderId=${encodeURIComponent(`gid://shopify/OrderIdentity/${orderId}`)}`)],
  },
  'routes/api.shopper.account-invite': {
    kind: 'checkout',
    calls: ({ orderId }) => [
      { ...get('/api/shopper/account-invite'), answers: [405] },
      { method: 'POST', path: `/api/shopper/account-invite?orderId=${encodeURIComponent(`gid://shopify/OrderIdentity/${orderId}`)}`, answers: [409] },
    ],
  },
  'routes/api.shopper.birthday': {
    kind: 'checkout',
    calls: () => [{ ...get('/api/shopper/birthday'), answers: [405] }, postJson('/api/shopper/birthday', { month: 2, day: 29 })],
  },
  'routes/api.shopper.entries': { kind: 'checkout', calls: () => [get('/api/shopper/entries'), get('/api/shopper/entries?before=9')] },
  'routes/api.shopper.estimate': {
    kind: 'checkout',
    calls: () => [
      { ...get('/api/shopper/estimate'), answers: [405] },
      postJson('/api/shopper/estimate?locale=en', {
        ...{ currency: 'EUR', discounts: [], shipping: null, tax: '0.00', total: '10.00' },
        lines: [{ productId: 'gid://shopify/Product/10', amount: '10.00', isSent: true }],
      }),
    ],
  },
  'routes/api.shopper.loyalty': { kind: 'checkout', calls: () => [get('/api/shopper/loyalty?currency=EUR&surface=loyalty-page&locale=en')] },
  'routes/api.shopper.order': { kind: 'checkout', calls: ({ orderId }) => [get(`/api/shopper/order?orderId=${orderId}&locale=en`)] },
  'routes/api.shopper.redemption': { kind: 'checkout', calls: ({ redemptionId }) => [get(`/api/shopper/redemption?id=${redemptionId}`)] },
  'routes/api.shopper.redemptions': {
    kind: 'checkout',
    calls: ({ redemptionId }) => [{ ...get('/api/shopper/redemptions'), answers: [405] }, postJson('/api/shopper/redemptions', wishBy(redemptionId))],
  },
  'routes/app': { kind: 'merchant', calls: () => [get('/app')] },
  'routes/app.$': {
    kind: 'merchant',
    calls: ({ customerId }) => [get(`/app/nowhere/${customerId}`), post(`/app/nowhere/${customerId}`, { id: String(customerId) })],
  },
  'routes/app._index': { kind: 'merchant', calls: () => [get('/app'), get('/app?asOf=2026-06-30&days=30')] },
  'routes/app.cohorts': {
    kind: 'merchant',
    calls: () => [get('/app/cohorts'), get('/app/cohorts?period=rolling30Days&cut=country:GB&compare=channel&asOf=2026-06-30')],
  },
  'routes/app.customers': {
    kind: 'merchant',
    calls: ({ customerId }) => [get('/app/customers'), get(`/app/customers?q=${customerId}&orders=1..&state=active,~&sort=pAlive-asc&after=1~${customerId}&asOf=2026-06-30`)],
  },
  'routes/app.customers_.$customerId': { kind: 'merchant', calls: ({ customerId }) => [get(`/app/customers/${customerId}`), get(`/app/customers/${customerId}?asOf=2026-06-30`)] },
  'routes/app.customers_.names': { kind: 'merchant', calls: ({ customerId }) => [post('/app/customers/names', { ids: String(customerId) })] },
  'routes/app.data-check': {
    kind: 'merchant',
    calls: ({ reconciliationId }) => [get(`/app/data-check?run=${reconciliationId}`), ...['recent', 'all', 'retry'].map((intent) => post('/app/data-check', { intent }))],
  },
  'routes/app.export.cohorts[.]csv': {
    kind: 'merchant',
    calls: () => [get('/app/export/cohorts.csv'), get('/app/export/cohorts.csv?asOf=2026-06-30&locale=zh-CN'), get('/app/export/cohorts.csv?period=week&cut=country:GB')],
  },
  'routes/app.export.customers[.]csv': {
    kind: 'merchant',
    calls: () => [get('/app/export/customers.csv'), get('/app/export/customers.csv?orders=2..&firstProduct=1,~')],
  },
  'routes/app.export.due-customers[.]csv': {
    kind: 'merchant',
    calls: () => [get('/app/export/due-customers.csv?product=10&asOf=2026-06-30&cut=country:GB&locale=zh-CN')],
  },
  'routes/app.export.predictions[.]csv': {
    kind: 'merchant',
    calls: () => [get('/app/export/predictions.csv?list=weeks&asOf=2026-06-30'), get('/app/export/predictions.csv?list=calibration&locale=zh-CN')],
  },
  'routes/app.export.products[.]csv': {
    kind: 'merchant',
    calls: () => [get('/app/export/products.csv?list=first-products&cut=firstProduct:10'), get('/app/export/products.csv?list=pairs&asOf=2026-06-30&support=0.005&locale=zh-CN')],
  },
  'routes/app.history': { kind: 'merchant', calls: () => [get('/app/history')] },
  'routes/app.imports': {
    kind: 'merchant',
    calls: () => [get('/app/imports'), post('/app/imports', { intent: 'cancel' }), post('/app/imports', { intent: 'restart' })],
  },
  'routes/app.loyalty._index': { kind: 'merchant', calls: () => [get('/app/loyalty')] },
  'routes/app.loyalty.choices': {
    kind: 'merchant',
    calls: () => [get('/app/loyalty/choices?kind=product&text=be'), get('/app/loyalty/choices?kind=variant&text='), get('/app/loyalty/choices?kind=product&ids=1,2')],
  },
  'routes/app.export.loyalty-ledger[.]csv': { kind: 'merchant', calls: () => [get('/app/export/loyalty-ledger.csv')] },
  'routes/app.export.loyalty-redemptions[.]csv': { kind: 'merchant', calls: () => [get('/app/export/loyalty-redemptions.csv')] },
  'routes/app.export.loyalty-tiers[.]csv': { kind: 'merchant', calls: () => [get('/app/export/loyalty-tiers.csv')] },
  'routes/app.export.loyalty-exclusions[.]csv': { kind: 'merchant', calls: () => [get('/app/export/loyalty-exclusions.csv')] },
  'routes/app.export.loyalty-program[.]csv': { kind: 'merchant', calls: () => [get('/app/export/loyalty-program.csv')] },
  'routes/app.export.loyalty-members[.]csv': { kind: 'merchant', calls: () => [get('/app/export/loyalty-members.csv')] },
  'routes/app.export.loyalty-liability[.]csv': { kind: 'merchant', calls: () => [get('/app/export/loyalty-liability.csv')] },
  'routes/app.loyalty.gifts': {
    kind: 'merchant',
    calls: ({ giftId }) => [get('/app/loyalty/gifts'), ...['stop', 'go-on'].map((intent) => ({ ...post('/app/loyalty/gifts', { intent, giftId }), answers: [200, 409] }))],
  },
  'routes/app.loyalty.import': { kind: 'merchant', calls: () => [get('/app/loyalty/import')] },
  'routes/app.loyalty.import_.lines': {
    kind: 'merchant',
    calls: ({ customerId }) =>
      ['check', 'import'].map((intent) =>
        post('/app/loyalty/import/lines', { ...{ intent, fileHash: 'a'.repeat(64), fileName: 'points.csv', header: 'customer_id,points' }, text: `${customerId},100\n`, firstLine: '2', takesRepeated: 'no' }),
      ),
  },
  'routes/app.loyalty.liability': { kind: 'merchant', calls: () => [get('/app/loyalty/liability')] },
  'routes/app.loyalty.staff': {
    kind: 'merchant',
    calls: ({ staffId }) => [
      get('/app/loyalty/staff'),
      {
        ...post('/app/loyalty/staff', {
          draft: JSON.stringify({ others: { kind: 'none', points: '' }, staff: [{ staffId, kind: 'up-to', points: '5', mayChangeList: true }] }),
          ...{ basedOn: '1', formKey: '01890a5d-ac96-774b-bcce-b302099a8059' },
        }),
        answers: [200, 422],
      },
    ],
  },
  'routes/app.loyalty.members': {
    kind: 'merchant',
    calls: ({ customerId, orderId }) => [get('/app/loyalty/members'), get(`/app/loyalty/members?q=${customerId}&order=${orderId}`), get(`/app/loyalty/members?sort=activity-asc&after=1~${customerId}`)],
  },
  'routes/app.loyalty.members_.$memberId': {
    kind: 'merchant',
    calls: ({ customerId, orderId }) => [
      get(`/app/loyalty/members/${customerId}?order=${orderId}&before=9`),
      post(`/app/loyalty/members/${customerId}`, {
        ...{ intent: 'adjust', formKey: '01890a5d-ac96-774b-bcce-b302099a8057', direction: 'give', points: '100', note: 'For the wait', expiresOn: '' },
      }),
      ...['exclude', 'include'].map((intent) => post(`/app/loyalty/members/${customerId}`, { intent })),
    ],
  },
  'routes/app.loyalty.rewards': { kind: 'merchant', calls: () => [get('/app/loyalty/rewards')] },
  'routes/app.loyalty.save': {
    kind: 'merchant',
    calls: () => [
      // The first time based on the version that holds; then nothing is changed by it.
      post('/app/loyalty/save', { intent: 'save', version: '1', program: PROGRAM }),
      // Each based on a version that holds no more; what is live already stays so.
      ...(['live', 'paused', 'winding-down'] as const).map((intent) => ({
        ...post('/app/loyalty/save', { intent, version: '0', program: '', lastRedemptionDay: '2027-01-31' }),
        answers: [intent === 'live' ? 200 : 409],
      })),
    ],
  },
  'routes/app.loyalty.past-orders': {
    kind: 'merchant',
    calls: () => [{ ...post('/app/loyalty/past-orders', { program: PROGRAM, sinceDay: '2026-01-01', after: '0' }), answers: [200, 422] }],
  },
  'routes/app.loyalty.simulation': { kind: 'merchant', calls: () => [post('/app/loyalty/simulation', { program: PROGRAM })] },
  'routes/app.loyalty.traces': { kind: 'merchant', calls: () => ['tag', 'leave-untagged'].map((intent) => post('/app/loyalty/traces', { intent })) },
  'routes/app.loyalty.tiers': { kind: 'merchant', calls: () => [get('/app/loyalty/tiers'), post('/app/loyalty/tiers', { intent: 'renew-free-shipping' })] },
  // Signed as a webhook is, over a body that says which action is run in which shop.
  'routes/flow.add-points': webhook('/flow/add-points'),
  'routes/app.offers_.results': { kind: 'merchant', calls: () => [get('/app/offers/results')] },
  'routes/app.offers': {
    kind: 'merchant',
    calls: () => [
      get('/app/offers'),
      post('/app/offers', { offers: JSON.stringify(writeOffersDraft(offering(), 'EUR')) }),
    ],
  },
  'routes/app.group-agreement': { kind: 'merchant', calls: () => [get('/app/group-agreement'), get('/app/group-agreement?asOf=2026-06-30')] },
  'routes/app.predictions': { kind: 'merchant', calls: () => [get('/app/predictions?asOf=2026-06-30')] },
  'routes/app.predictions_.models': { kind: 'merchant', calls: () => [get('/app/predictions/models'), get('/app/predictions/models?asOf=2026-06-30')] },
  'routes/app.predictions_.numbers': {
    kind: 'merchant',
    calls: () => [get('/app/predictions/numbers'), get('/app/predictions/numbers?asOf=2026-06-30')],
  },
  'routes/app.privacy': { kind: 'merchant', calls: ({ privacyRequestId }) => [get(`/app/privacy?request=${privacyRequestId}`)] },
  'routes/app.privacy-answers': {
    kind: 'merchant',
    calls: ({ privacyRequestId }) => ['json', 'page'].map((format) => post('/app/privacy-answers', { webhookId: privacyRequestId, format })),
  },
  'routes/app.products': {
    kind: 'merchant',
    calls: () => [get('/app/products'), get('/app/products?support=0.001&cut=country:GB&asOf=2026-06-30')],
  },
  'routes/app.segments': { kind: 'merchant', calls: () => [get('/app/segments'), get('/app/segments?asOf=2026-06-30')] },
  'routes/app.segments_.count': { kind: 'merchant', calls: () => [get('/app/segments/count?orders=2..&state=active,~&match=any&asOf=2026-06-30')] },
  'routes/app.segments_.edit': {
    kind: 'merchant',
    calls: ({ segmentId }) => [
      get(`/app/segments/edit?id=${segmentId}`),
      get('/app/segments/edit?orders=2..'),
      post('/app/segments/edit', { intent: 'save', segmentId, name: `Regulars ${segmentId}`, query: 'orders=3..' }),
      // One that is written to Shopify stays until that is taken back.
      { ...post('/app/segments/edit', { intent: 'delete', segmentId }), answers: [422] },
    ],
  },
  'routes/app.accounts': {
    kind: 'merchant',
    calls: () => [get('/app/accounts'), post('/app/accounts', { isEnabled: 'true', hasFirstReminder: 'true', hasSecondReminder: 'false' })],
  },
  'routes/app.settings.counting': {
    kind: 'merchant',
    calls: () => [get('/app/settings/counting'), post('/app/settings/counting', { preset: 'asShopifyCounts', value: 'totalBeforeRefunds' })],
  },
  'routes/app.segments_.writes': {
    kind: 'merchant',
    calls: ({ segmentId, segmentTargetId: targetId }) => [
      get(`/app/segments/writes?segment=${segmentId}`),
      { ...post('/app/segments/writes', { intent: 'write', segmentKey: segmentId, title: 'Regulars', kind: 'tag', tag: `regulars-${segmentId}`, isKept: 'false', hasNative: 'false' }), answers: [422] },
      post('/app/segments/writes', { intent: 'stop', targetId }),
      post('/app/segments/writes', { intent: 'keep', targetId, isKept: 'true' }),
      post('/app/segments/writes', { intent: 'undo', targetId }),
    ],
  },
  'routes/app.texts': {
    kind: 'merchant',
    calls: () => [
      get('/app/texts'),
      get('/app/texts?surface=loyalty-page&language=ar'),
      post('/app/texts', { surface: 'profile', language: 'de', changed: JSON.stringify({ heading: 'Blätter' }) }),
    ],
  },
  'routes/app.texts_.words': { kind: 'merchant', calls: () => [get('/app/texts/words?surface=thank-you&language=en')] },
  'routes/auth.$': isPublic('/auth/session-token', '/auth/callback', '/auth/exit-iframe'),
  'routes/auth.login': isPublic('/auth/login'),
  'routes/healthz': isPublic('/healthz'),
  'routes/livez': isPublic('/livez'),
  'routes/metrics': { kind: 'operator', calls: () => [get('/metrics')] },
  'routes/operator.health': { kind: 'operator', calls: ({ domain }) => [get(`/operator/health?shop=${domain}`)] },
  'routes/proxy.$': {
    kind: 'proxy',
    calls: ({ customerId }) => [get(`/proxy/points?customer=${customerId}`), post(`/proxy/points?customer=${customerId}`, { id: String(customerId) })],
  },
  'routes/proxy.loyalty': { kind: 'proxy', calls: () => [get('/proxy/loyalty?currency=EUR&locale=en')] },
  'routes/proxy.redemption': { kind: 'proxy', calls: ({ redemptionId }) => [get(`/proxy/redemption?id=${redemptionId}`)] },
  'routes/proxy.redemptions': { kind: 'proxy', calls: ({ redemptionId }) => [postJson('/proxy/redemptions', wishBy(redemptionId))] },
  'routes/readyz': isPublic('/readyz'),
  'routes/webhooks.app': webhook('/webhooks/app'),
  'routes/webhooks.bulk-operations': webhook('/webhooks/bulk-operations'),
  'routes/webhooks.compliance': webhook('/webhooks/compliance'),
  'routes/webhooks.customers': webhook('/webhooks/customers'),
  'routes/webhooks.orders': webhook('/webhooks/orders'),
};

export const HOW_TO_ADD =
  'Add it to ROUTE_CASES in test/support/route-cases.ts: its kind (whom it lets in) and a call for its loader and one for ' +
  'each thing its action does, with an id of the tenant wherever the route takes one. A1, A2, A3 and A12 then try it.';
