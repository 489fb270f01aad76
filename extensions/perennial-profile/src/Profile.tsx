/** @jsxImportSource preact */
import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/customer-account.profile.block.render';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { askLoyalty } from '../../shopper-kit/src/ask-loyalty.ts';
import { connectApp } from '../../shopper-kit/src/connect-app.ts';
import { withTexts, wordingOf } from '../../shopper-kit/src/words.ts';
import { SAMPLE, viewProfile } from './view-model.ts';

declare const shopify: Api;

/** Shopify's own address of a page that another of our extensions makes. */
const LOYALTY_PAGE = 'extension:perennial-loyalty-page/';

export default function extension(): void {
  render(<Profile />, document.body);
}

/** The profile is whole without us: nothing is drawn until there is something to say. */
function Profile() {
  const isPreview = Boolean(shopify.extension.editor);
  const locale = shopify.localization.extensionLanguage.value.isoCode;
  const [loyalty, setLoyalty] = useState<typeof SAMPLE | null>(isPreview ? SAMPLE : null);
  useEffect(() => {
    const page = new AbortController();
    const app = isPreview ? null : connectApp(() => shopify.sessionToken.get(), page.signal);
    if (app === null) return;
    void askLoyalty(app, { surface: 'profile', locale }).then((known) => {
      if (known?.state === 'on' && !page.signal.aborted) setLoyalty(known);
    });
    return () => page.abort();
  }, []);
  if (loyalty === null) return null;

  const wording = withTexts(wordingOf(shopify), loyalty.texts, locale);
  const { figure, tier, pending } = viewProfile(loyalty, wording);
  return (
    <s-section heading={wording.translate('heading')}>
      <s-stack gap="small">
        <s-stack direction="inline" gap="small-200" alignItems="center">
          <s-text type="strong">{figure}</s-text>
          {tier !== null && <s-badge>{tier}</s-badge>}
        </s-stack>
        {pending !== null && <s-text color="subdued">{pending}</s-text>}
        <s-link href={LOYALTY_PAGE}>{wording.translate('seeAll')}</s-link>
      </s-stack>
    </s-section>
  );
}
