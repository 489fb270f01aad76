/** @jsxImportSource preact */
import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/customer-account.page.render';
import { render } from 'preact';
import type { ComponentChildren } from 'preact';

import type { ShopperLoyaltyOn } from '../../../app/contracts/shopper-loyalty.ts';
import { withTexts, wordingOf } from '../../shopper-kit/src/words.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';
import { BalanceSection, TierSection } from './BalanceSections.tsx';
import { BirthdaySection } from './BirthdaySection.tsx';
import { CodesSection } from './CodesSection.tsx';
import { HistorySection } from './HistorySection.tsx';
import { RewardsSection } from './RewardsSection.tsx';
import { useLoyalty } from './use-loyalty.ts';
import type { LoyaltyActions } from './use-loyalty.ts';
import { viewNotice } from './view-balance.ts';
import { WaysSection } from './WaysSection.tsx';

declare const shopify: Api;

export default function extension(): void {
  render(<LoyaltyPage />, document.body);
}

function LoyaltyPage() {
  const { translate } = shopify.i18n;
  const wording = wordingOf(shopify);
  const { known, actions } = useLoyalty({
    isPreview: Boolean(shopify.extension.editor),
    locale: shopify.localization.extensionLanguage.value.isoCode,
    getSessionToken: () => shopify.sessionToken.get(),
  });
  if (known === 'loading') {
    return (
      // Without a heading: the merchant's own comes with the answer, and ours would give way to it.
      <Frame>
        <Loading wording={wording} />
      </Frame>
    );
  }
  if (known === 'unavailable') {
    return (
      <Frame heading={translate('title')}>
        <s-section heading={translate('unavailable')}>
          <s-stack gap="base">
            <s-paragraph>{translate('unavailableHint')}</s-paragraph>
            <s-button variant="secondary" onClick={actions.retry}>
              {translate('retry')}
            </s-button>
          </s-stack>
        </s-section>
      </Frame>
    );
  }
  const own = withTexts(wording, known.texts ?? {}, shopify.localization.extensionLanguage.value.isoCode);
  if (known.state === 'off') {
    return (
      <Frame heading={own.translate('title')}>
        <s-section>
          <s-paragraph>{own.translate('off')}</s-paragraph>
        </s-section>
      </Frame>
    );
  }
  return (
    <Frame heading={own.translate('title')}>
      <Program loyalty={known} actions={actions} wording={own} />
    </Frame>
  );
}

function Frame({ heading, children }: { heading?: string; children: ComponentChildren }) {
  return (
    <s-page heading={heading}>
      <s-stack gap="large">{children}</s-stack>
    </s-page>
  );
}

function Loading({ wording }: { wording: Wording }) {
  return (
    <s-section>
      <s-stack gap="base" accessibilityRole="status" accessibilityLabel={wording.translate('loading')}>
        <s-skeleton-paragraph content={wording.translate('title')} />
        <s-skeleton-paragraph content={wording.translate('loading')} />
        <s-skeleton-paragraph content={wording.translate('rewardsHeading')} />
      </s-stack>
    </s-section>
  );
}

function Program({ loyalty, actions, wording }: { loyalty: ShopperLoyaltyOn; actions: LoyaltyActions; wording: Wording }) {
  const notice = viewNotice(loyalty.program, wording);
  const isNew = loyalty.balance.points === 0 && loyalty.balance.pendingPoints === 0 && loyalty.redemptions.length === 0;
  const rewards = <RewardsSection loyalty={loyalty} actions={actions} wording={wording} />;
  // Nothing is promised that the notice above takes back.
  const { status } = loyalty.program;
  const ways = status === 'live' && <WaysSection ways={loyalty.waysToEarn} wording={wording} />;
  return (
    <>
      {notice !== null && (
        <s-banner tone="info">
          <s-paragraph>{notice}</s-paragraph>
        </s-banner>
      )}
      <s-query-container>
        <s-grid
          gridTemplateColumns={loyalty.tier ? '@container (inline-size > 560px) 1fr 1fr, 1fr' : '1fr'}
          gap="large"
          alignItems="stretch"
        >
          <BalanceSection loyalty={loyalty} wording={wording} />
          {loyalty.tier && <TierSection tier={loyalty.tier} wording={wording} />}
        </s-grid>
      </s-query-container>
      <CodesSection loyalty={loyalty} actions={actions} wording={wording} />
      {/* Who has nothing yet wants to know how to come by it. */}
      {isNew ? [ways, rewards] : [rewards, ways]}
      {status !== 'winding-down' && <BirthdaySection birthday={loyalty.birthday} actions={actions} wording={wording} />}
      <HistorySection actions={actions} wording={wording} refreshes={loyalty.balance} />
    </>
  );
}
