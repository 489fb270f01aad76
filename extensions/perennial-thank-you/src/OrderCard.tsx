/** @jsxImportSource preact */
import type { Api } from '@shopify/ui-extensions/purchase.thank-you.block.render';
import { Fragment } from 'preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { AppConnection } from '../../shopper-kit/src/ask-app.ts';
import { connectApp } from '../../shopper-kit/src/connect-app.ts';
import { joinSentences, withTexts, wordingOf } from '../../shopper-kit/src/words.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';
import { AccountAction } from './AccountAction.tsx';
import { fetchOffer } from './offer-client.ts';
import { OfferBlock } from './OfferBlock.tsx';
import { fetchThanks, sendInvite } from './thanks-client.ts';
import { sampleKnown, viewCard } from './view-model.ts';
import type { CardPart, Known } from './view-model.ts';

/** What the thank-you page and the order status page both give. */
type Host = Pick<Api, 'i18n' | 'sessionToken'> & {
  extension: { editor?: object; target: string };
  localization: { extensionLanguage: { value: { isoCode: string } } };
  shop: { storefrontUrl?: string };
};

const NOTHING: Known = { offer: null, thanks: null };

interface OrderCardProps {
  host: Host;
  /** Shopify may tell the order after the page is there; read while the card is drawn, it is drawn again then. */
  orderIdOf: () => string | undefined;
}

/** One card for everything after the order. It draws nothing where nothing is known, or to be had: the page is whole without us. */
export function OrderCard({ host, orderIdOf }: OrderCardProps) {
  const orderId = orderIdOf();
  const isPreview = Boolean(host.extension.editor);
  const locale = host.localization.extensionLanguage.value.isoCode;
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [known, setKnown] = useState<Known>(isPreview ? sampleKnown(new Date()) : NOTHING);
  const [app, setApp] = useState<AppConnection | null>(null);
  useEffect(() => {
    if (isPreview || !orderId) return;
    const page = new AbortController();
    const connection = connectApp(() => host.sessionToken.get(), page.signal);
    if (connection === null) return;
    setApp(connection);
    const learn = (news: Partial<Known>): void => {
      if (!page.signal.aborted) setKnown((before) => ({ ...before, ...news }));
    };
    const asked = { orderId, locale };
    // Whichever answer comes first brings them all, and none is drawn before it.
    const onTexts = (own: Record<string, string>): void => {
      if (!page.signal.aborted && Object.keys(own).length > 0) setTexts(own);
    };
    void fetchOffer(connection, asked, { onPromised: () => learn({ offer: 'promised' }), onTexts }).then((offer) => learn({ offer }));
    void fetchThanks(connection, asked, (thanks) => {
      onTexts(thanks.texts ?? {});
      learn({ thanks });
    });
    return () => page.abort();
  }, [orderId]);

  const wording = withTexts(wordingOf(host), texts, locale);
  const parts = viewCard(known, wording);
  if (parts.length === 0) return null;
  const invite = async (): Promise<'failed' | 'done'> => {
    if (app === null || !orderId) return 'failed';
    const answer = await sendInvite(app, orderId);
    if (answer === 'failed') return 'failed';
    setKnown(({ offer, thanks }) => ({ offer, thanks: thanks && { ...thanks, account: { state: answer } } }));
    return 'done';
  };
  return (
    <Frame isInAccount={host.extension.target.startsWith('customer-account.')}>
      <s-stack gap="base">
        {parts.map((part, index) => (
          <Fragment key={part.kind}>
            {index > 0 && <s-divider />}
            <Part {...{ part, host, locale, wording, invite }} />
          </Fragment>
        ))}
      </s-stack>
    </Frame>
  );
}

/** One frame around everything. In the account Shopify draws it for the outermost section. */
function Frame({ isInAccount, children }: { isInAccount: boolean; children: ComponentChildren }) {
  if (isInAccount) return <s-section>{children}</s-section>;
  return (
    <s-box border="base" borderRadius="large" padding="base">
      {children}
    </s-box>
  );
}

interface PartProps {
  part: CardPart;
  host: Host;
  locale: string;
  wording: Wording;
  invite: () => Promise<'failed' | 'done'>;
}

function Part({ part, host, locale, wording, invite }: PartProps) {
  if (part.kind === 'waiting') {
    return (
      <s-stack gap="base" accessibilityRole="status" accessibilityLabel={part.sentence}>
        <s-skeleton-paragraph content={part.heading} />
        <s-skeleton-paragraph content={part.sentence} />
      </s-stack>
    );
  }
  if (part.kind === 'offer') return <OfferBlock part={part} wording={wording} storefrontUrl={host.shop.storefrontUrl} />;
  return (
    <s-section heading={part.heading}>
      <s-stack gap="small">
        <s-stack accessibilityRole="status">
          <s-paragraph>{joinSentences(locale, part.sentences)}</s-paragraph>
        </s-stack>
        {part.kind === 'account' && part.action && (
          <AccountAction action={part.action} failedWords={wording.translate('failed')} invite={invite} />
        )}
      </s-stack>
    </s-section>
  );
}
