/** @jsxImportSource preact */
import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/purchase.thank-you.block.render';
import { render } from 'preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { NextOrderOfferReady } from '../../../app/contracts/next-order-offer.ts';
import { appAddress } from './app-address.ts';
import { fetchOffer } from './offer-client.ts';
import { sampleOffer, viewOffer } from './view-model.ts';
import type { OfferView } from './view-model.ts';

declare const shopify: Api;

/** How long the button says that it copied. */
const COPIED_MS = 3000;
const CLIPBOARD_ID = 'perennial-next-order-code';

export default function extension(): void {
  render(<ThankYou />, document.body);
}

/** Nothing is `undefined`: not known, or not there, or not to be had. The page is whole without us. */
type Known = 'promised' | NextOrderOfferReady | undefined;

function ThankYou() {
  const [known, setKnown] = useState<Known>(shopify.extension.editor ? sampleOffer(new Date()) : undefined);
  useEffect(() => {
    const address = appAddress();
    const orderId = shopify.orderConfirmation.value?.order?.id;
    if (shopify.extension.editor || address === null || !orderId) return;
    const page = new AbortController();
    const asking = fetchOffer({
      address,
      orderId,
      getSessionToken: () => shopify.sessionToken.get(),
      fetch: (url, init) => fetch(url, init),
      wait,
      nowMs: () => Date.now(),
      signal: page.signal,
      onPromised: () => setKnown('promised'),
    });
    void asking.then((offer) => {
      if (!page.signal.aborted) setKnown(offer ?? undefined);
    });
    return () => page.abort();
  }, []);

  if (known === undefined) return null;
  if (known === 'promised') return <Waiting />;
  const view = viewOffer(known, wording());
  return view && <Offer view={view} />;
}

function Waiting() {
  const { translate } = shopify.i18n;
  return (
    <Frame>
      <s-stack gap="base" accessibilityRole="status" accessibilityLabel={translate('waiting')}>
        <s-skeleton-paragraph content={translate('heading')} />
        <s-skeleton-paragraph content={translate('waiting')} />
      </s-stack>
    </Frame>
  );
}

/** The same around the wait and the code, so that the page moves little when the code comes. */
function Frame({ children }: { children: ComponentChildren }) {
  return (
    <s-box border="base" borderRadius="large" padding="base">
      {children}
    </s-box>
  );
}

function Offer({ view }: { view: OfferView }) {
  const { translate } = shopify.i18n;
  const { storefrontUrl } = shopify.shop;
  return (
    <Frame>
      <s-section heading={view.heading}>
        <s-stack gap="base">
          <s-paragraph>{view.sentence}</s-paragraph>
          <Code code={view.code} />
          <s-stack gap="small-500">
            {view.terms.map((term) => (
              <s-text key={term} color="subdued">
                {term}
              </s-text>
            ))}
          </s-stack>
          {storefrontUrl !== undefined && (
            <s-link href={shoppingAddress(storefrontUrl, view.code)}>{translate('shopWithCode')}</s-link>
          )}
        </s-stack>
      </s-section>
    </Frame>
  );
}

function Code({ code }: { code: string }) {
  const { translate } = shopify.i18n;
  const [copy, setCopy] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (copy !== 'copied') return;
    const timer = setTimeout(() => setCopy('idle'), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copy]);

  return (
    <s-stack gap="none">
      <s-stack direction="inline" gap="base" alignItems="center">
        <s-box border="base" borderRadius="base" background="subdued" padding="small base">
          <s-text type="strong">{code}</s-text>
        </s-box>
        {/* Named by its own words: who speaks to the page says what they read. */}
        <s-button variant="secondary" command="--copy" commandFor={CLIPBOARD_ID}>
          {translate(copy === 'copied' ? 'copied' : 'copy')}
        </s-button>
        <s-clipboard-item
          id={CLIPBOARD_ID}
          text={code}
          onCopy={() => setCopy('copied')}
          onCopyError={() => setCopy('failed')}
        />
      </s-stack>
      <s-stack accessibilityRole="status">
        {copy === 'failed' && <s-text color="subdued">{translate('copyFailed')}</s-text>}
        {copy === 'copied' && <s-text accessibilityVisibility="exclusive">{translate('copied')}</s-text>}
      </s-stack>
    </s-stack>
  );
}

/** Shopify's own address that opens the store and holds the code ready for the checkout. */
function shoppingAddress(storefrontUrl: string, code: string): string {
  return `${storefrontUrl.replace(/\/$/, '')}/discount/${encodeURIComponent(code)}`;
}

function wording() {
  const { i18n, localization } = shopify;
  return {
    translate: (key: string, replacements?: Record<string, string>) => i18n.translate(key, replacements),
    formatNumber: i18n.formatNumber,
    formatCurrency: i18n.formatCurrency,
    formatDate: i18n.formatDate,
    timeZone: localization.timezone.value,
  };
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
