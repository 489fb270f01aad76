/** @jsxImportSource preact */
import { useState } from 'preact/hooks';

import type { ShopperLoyaltyOn } from '../../../app/contracts/shopper-loyalty.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';
import { RewardCard } from './RewardCard.tsx';
import type { LoyaltyActions } from './use-loyalty.ts';

interface RewardsSectionProps {
  loyalty: ShopperLoyaltyOn;
  actions: LoyaltyActions;
  wording: Wording;
}

export function RewardsSection({ loyalty, actions, wording }: RewardsSectionProps) {
  /** Of this visit: which redemption each reward was last turned into. */
  const [redeemed, setRedeemed] = useState<Record<string, string>>({});
  const { rewards, redemptions } = loyalty;
  if (rewards.length === 0) return null;
  return (
    <s-section heading={wording.translate('rewardsHeading')}>
      <s-query-container>
        <s-grid gridTemplateColumns="@container (inline-size > 480px) 1fr 1fr, 1fr" gap="base">
          {rewards.map((reward) => (
            <RewardCard
              key={reward.rewardId}
              reward={reward}
              redemption={redemptions.find(({ redemptionId }) => redemptionId === redeemed[reward.rewardId])}
              wording={wording}
              redeem={async (points, requestKey) => {
                const { rewardId } = reward;
                const request = { rewardId, requestKey, ...(reward.kind === 'any-amount' ? { points } : {}) };
                const outcome = await actions.redeem(request);
                if (outcome.kind === 'redeemed') {
                  setRedeemed((before) => ({ ...before, [rewardId]: outcome.redemption.redemptionId }));
                }
                return outcome;
              }}
            />
          ))}
        </s-grid>
      </s-query-container>
    </s-section>
  );
}
