/** @jsxImportSource preact */
import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/purchase.checkout.block.render';
import { render } from 'preact';

import { CopyCode } from '../../shopper-kit/src/copy-code.tsx';
import type { CopyWords } from '../../shopper-kit/src/copy-code.tsx';
import { withTexts, wordingOf } from '../../shopper-kit/src/words.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';
import { estimateRequestOf } from './estimate-request.ts';
import { useCheckoutPoints } from './use-checkout-points.ts';
import type { CheckoutActions, Notice } from './use-checkout-points.ts';
import { useEstimate } from './use-estimate.ts';
import { sayEstimate, viewCheckout } from './view-model.ts';
import type { CheckoutView } from './view-model.ts';

declare const shopify: Api;

export default function extension(): void {
  render(<Checkout />, document.body);
}

/** The checkout is whole without us: whoever has nothing and earns nothing, and a silent app, see nothing. */
function Checkout() {
  const locale = shopify.localization.extensionLanguage.value.isoCode;
  const isPreview = Boolean(shopify.extension.editor);
  const customer = shopify.buyerIdentity?.customer.value;
  const getSessionToken = () => shopify.sessionToken.get();
  const { loyalty, busy, notice, actions } = useCheckoutPoints({
    isPreview,
    customerId: () => shopify.buyerIdentity?.customer.value?.id,
    isSignedIn: customer !== undefined,
    asked: { locale, currency: shopify.localization.currency.value.isoCode },
    getSessionToken,
    changeCode: (type, code) => shopify.applyDiscountCodeChange({ type, code }),
    store: shopify.storage,
  });
  const estimate = useEstimate({ isPreview, request: requestNow(), locale, customerId: customer?.id, getSessionToken });
  const wording = withTexts(wordingOf(shopify), loyalty?.texts ?? estimate?.texts ?? {}, locale);
  const cart = {
    codes: shopify.discountCodes.value.map(({ code }) => code),
    canUpdateDiscountCodes: shopify.instructions.value.discounts.canUpdateDiscountCodes,
    subtotal: shopify.cost.subtotalAmount.value,
    refusedCode: notice?.kind === 'waits' ? notice.code : null,
  };
  const view = loyalty && viewCheckout(loyalty, cart, wording);
  const earns = estimate && sayEstimate(estimate, wording);
  if (view === null && notice === null && earns === null) return null;
  return (
    <s-box border="base" borderRadius="large" padding="base">
      <s-stack gap="none">
        {view ? <Points {...{ view, earns, busy, actions, wording }} /> : earns !== null && <s-text>{earns}</s-text>}
        <s-stack accessibilityRole="status">
          {notice && (
            <s-box paddingBlockStart={view || earns !== null ? 'small' : 'none'}>
              <s-text>{sayNotice(notice, wording)}</s-text>
            </s-box>
          )}
        </s-stack>
        {notice?.kind === 'waits' && (
          <s-box paddingBlockStart="small">
            <CopyCode id="perennial-points-code" code={notice.code} words={copyWords(wording)} />
          </s-box>
        )}
      </s-stack>
    </s-box>
  );
}

function requestNow() {
  const { lines, discountAllocations, cost } = shopify;
  return estimateRequestOf({
    lines: lines.value,
    discountAllocations: discountAllocations.value,
    subtotal: cost.subtotalAmount.value,
    shipping: cost.totalShippingAmount.value,
    tax: cost.totalTaxAmount.value,
    total: cost.totalAmount.value,
  });
}

function copyWords({ translate }: Wording): CopyWords {
  return { copy: translate('copy'), copied: translate('copied'), copyFailed: translate('copyFailed') };
}

interface PointsProps {
  view: CheckoutView;
  /** What this order will give. */
  earns: string | null;
  /** What is being done: the id of a reward or redemption; null when nothing is. */
  busy: string | null;
  actions: CheckoutActions;
  wording: Wording;
}

function Points({ view, earns, busy, actions, wording }: PointsProps) {
  const { applied, waiting, offers } = view;
  return (
    <s-stack gap="small">
      <s-stack gap="small-200">
        <s-heading>{view.heading}</s-heading>
        {earns !== null && <s-text>{earns}</s-text>}
      </s-stack>
      {applied && (
        <s-stack direction="inline" gap="small" alignItems="center">
          <s-text>{applied.sentence}</s-text>
          <s-button
            variant="secondary"
            loading={busy === applied.redemptionId}
            onClick={() => actions.remove(applied.redemptionId, applied.code)}
          >
            {wording.translate('remove')}
          </s-button>
        </s-stack>
      )}
      {waiting.map(({ redemptionId, code, label, loss }) => (
        <Choice key={redemptionId} id={redemptionId} {...{ label, loss, busy }} take={() => actions.apply(redemptionId, code)} />
      ))}
      {offers.map(({ rewardId, points, isChosen, label, loss }) => (
        <Choice key={rewardId} id={rewardId} {...{ label, loss, busy }} take={() => actions.redeem(rewardId, isChosen ? points : null)} />
      ))}
      {view.next !== null && <s-text color="subdued">{view.next}</s-text>}
      {view.hindrance !== null && <s-text color="subdued">{view.hindrance}</s-text>}
    </s-stack>
  );
}

interface ChoiceProps {
  id: string;
  label: string;
  loss: string | null;
  busy: string | null;
  take: () => void;
}

/** What would be lost stands before the button that loses it. */
function Choice({ id, label, loss, busy, take }: ChoiceProps) {
  return (
    <s-stack gap="small-200">
      {loss !== null && <s-text color="subdued">{loss}</s-text>}
      <s-button
        variant="secondary"
        inlineSize="fill"
        loading={busy === id}
        disabled={busy !== null && busy !== id}
        onClick={take}
      >
        {label}
      </s-button>
    </s-stack>
  );
}

function sayNotice(notice: Notice, { translate }: Wording): string {
  return notice.kind === 'words' ? translate(notice.key) : translate(notice.kind, { code: notice.code });
}
