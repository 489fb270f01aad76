/** @jsxImportSource preact */
import type { ShopperRedemption } from '../../../app/contracts/shopper-loyalty.ts';
import { CopyCode } from '../../shopper-kit/src/copy-code.tsx';
import type { Wording } from '../../shopper-kit/src/words.ts';
import { viewRedemption } from './view-rewards.ts';

/** What became of spent points: a code that works, one that is being made, or what is over. */
export function RedemptionBody({ redemption, wording }: { redemption: ShopperRedemption; wording: Wording }) {
  const { translate } = wording;
  const { code, sentence, state } = viewRedemption(redemption, wording);
  const words = { copy: translate('copy'), copied: translate('copied'), copyFailed: translate('copyFailed') };
  return (
    <s-stack gap="small-200">
      {code !== null && <CopyCode id={`code-${redemption.redemptionId}`} code={code} words={words} />}
      <s-stack direction="inline" gap="small-200" alignItems="center" accessibilityRole="status">
        {state === 'making' && <s-spinner size="small" accessibilityLabel={sentence} />}
        <s-text color="subdued">{sentence}</s-text>
      </s-stack>
    </s-stack>
  );
}
