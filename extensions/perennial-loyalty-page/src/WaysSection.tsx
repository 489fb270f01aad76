/** @jsxImportSource preact */
import type { WayToEarn } from '../../../app/contracts/shopper-loyalty.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';
import { viewWay } from './view-earning.ts';

export function WaysSection({ ways, wording }: { ways: WayToEarn[]; wording: Wording }) {
  if (ways.length === 0) return null;
  return (
    <s-section heading={wording.translate('earnHeading')}>
      <s-stack gap="small">
        {ways.map((way) => {
          const { sentence, hint, isDone, isComing } = viewWay(way, wording);
          return (
            <s-stack key={sentence} direction="inline" gap="small-200" alignItems="center">
              <s-text>{sentence}</s-text>
              {hint !== null && <s-text color="subdued">{hint}</s-text>}
              {isDone && <s-badge icon="check">{wording.translate('done')}</s-badge>}
              {isComing && <s-badge icon="clock">{wording.translate('coming')}</s-badge>}
            </s-stack>
          );
        })}
      </s-stack>
    </s-section>
  );
}
