/** @jsxImportSource preact */
import type { ShopperLoyaltyOn, ShopperTier } from '../../../app/contracts/shopper-loyalty.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';
import { viewBalance, viewTier } from './view-balance.ts';

export function BalanceSection({ loyalty, wording }: { loyalty: ShopperLoyaltyOn; wording: Wording }) {
  const { figure, lines } = viewBalance(loyalty, wording);
  return (
    <s-section heading={figure}>
      <s-stack gap="small-300" accessibilityRole="status">
        {lines.map((line) => (
          <s-paragraph key={line} color="subdued">
            {line}
          </s-paragraph>
        ))}
      </s-stack>
    </s-section>
  );
}

export function TierSection({ tier, wording }: { tier: ShopperTier; wording: Wording }) {
  const { name, progress, lines, perks } = viewTier(tier, wording);
  return (
    <s-section heading={name}>
      <s-stack gap="small">
        {progress && (
          <s-stack gap="small-300">
            <s-progress value={progress.value} max={1} accessibilityLabel={progress.label} />
            <s-text>{progress.missing}</s-text>
          </s-stack>
        )}
        {perks.length > 0 && (
          <s-unordered-list>
            {perks.map((perk) => (
              <s-list-item key={perk}>{perk}</s-list-item>
            ))}
          </s-unordered-list>
        )}
        {lines.map((line) => (
          <s-text key={line} color="subdued">
            {line}
          </s-text>
        ))}
      </s-stack>
    </s-section>
  );
}
