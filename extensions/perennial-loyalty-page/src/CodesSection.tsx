/** @jsxImportSource preact */
import { useEffect, useRef } from 'preact/hooks';

import type { ShopperLoyaltyOn } from '../../../app/contracts/shopper-loyalty.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';
import { RedemptionBody } from './RedemptionBody.tsx';
import type { LoyaltyActions } from './use-loyalty.ts';
import { viewRedemption } from './view-rewards.ts';

/** Of what is over, only the latest is told here: the history has it all. */
const MOST_OVER = 3;

interface CodesSectionProps {
  loyalty: ShopperLoyaltyOn;
  actions: LoyaltyActions;
  wording: Wording;
}

/** The codes that were there when the page was opened; a new one appears where it was asked for. */
export function CodesSection({ loyalty, actions, wording }: CodesSectionProps) {
  const atFirst = useRef(new Set(loyalty.redemptions.map(({ redemptionId }) => redemptionId)));
  useEffect(() => {
    if (actions.isPreview) return;
    for (const redemption of loyalty.redemptions) if (redemption.state === 'making') actions.awaitCode(redemption);
  }, []);
  const known = loyalty.redemptions.filter(({ redemptionId }) => atFirst.current.has(redemptionId));
  const working = known.filter(({ state }) => state === 'making' || state === 'ready');
  const over = known.filter(({ state }) => state !== 'making' && state !== 'ready').slice(0, MOST_OVER);
  if (working.length + over.length === 0) return null;
  return (
    <s-section heading={wording.translate('codesHeading')}>
      <s-stack gap="base">
        {working.map((redemption) => (
          <s-stack key={redemption.redemptionId} gap="small-300">
            <s-text type="strong">{viewRedemption(redemption, wording).title}</s-text>
            <RedemptionBody redemption={redemption} wording={wording} />
          </s-stack>
        ))}
        {working.length > 0 && over.length > 0 && <s-divider />}
        {over.map((redemption) => {
          const { title, sentence } = viewRedemption(redemption, wording);
          return (
            <s-stack key={redemption.redemptionId} direction="inline" gap="small-200" justifyContent="space-between">
              <s-text>{title}</s-text>
              <s-text color="subdued">{sentence}</s-text>
            </s-stack>
          );
        })}
      </s-stack>
    </s-section>
  );
}
