/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks';

import { CopyCode } from '../../shopper-kit/src/copy-code.tsx';
import type { Wording } from '../../shopper-kit/src/words.ts';
import { saidForMs, sayTimeLeft } from './time-left.ts';
import type { OfferPart } from './view-model.ts';

const CLIPBOARD_ID = 'perennial-next-order-code';

interface OfferBlockProps {
  part: OfferPart;
  wording: Wording;
  storefrontUrl: string | undefined;
}

/** What the buyer gets for their next order. When its time is over while they look, it says so and takes the code away. */
export function OfferBlock({ part, wording, storefrontUrl }: OfferBlockProps) {
  const { translate } = wording;
  const { code } = part;
  const leftMs = useTimeLeft(part.countsDownToMs);
  const timeLeft = leftMs === null ? null : sayTimeLeft(leftMs, wording);
  const hasEnded = leftMs !== null && timeLeft === null;
  const words = { copy: translate('copy'), copied: translate('copied'), copyFailed: translate('copyFailed') };
  return (
    <s-section heading={part.heading}>
      <s-stack gap="base">
        {/* Announced when it changes, which is at the end alone: the time left stands outside. */}
        <s-stack accessibilityRole="status">
          <s-paragraph>{hasEnded ? translate('ended') : part.sentence}</s-paragraph>
        </s-stack>
        {timeLeft !== null && <s-text type="strong">{timeLeft}</s-text>}
        {code !== null && !hasEnded && <CopyCode id={CLIPBOARD_ID} code={code} words={words} />}
        {!hasEnded && (
          <s-stack gap="small-500">
            {part.terms.map((term) => (
              <s-text key={term} color="subdued">
                {term}
              </s-text>
            ))}
          </s-stack>
        )}
        {storefrontUrl !== undefined && code !== null && !hasEnded && (
          <s-link href={shoppingAddress(storefrontUrl, code)}>{translate('shopWithCode')}</s-link>
        )}
      </s-stack>
    </s-section>
  );
}

/** Milliseconds until an instant by the buyer's clock, anew whenever they read differently; null where nothing is counted. */
function useTimeLeft(untilMs: number | null): number | null {
  const [nowMs, setNowMs] = useState(() => Date.now());
  const leftMs = untilMs === null ? null : untilMs - nowMs;
  useEffect(() => {
    if (leftMs === null || leftMs <= 0) return;
    const timer = setTimeout(() => setNowMs(Date.now()), saidForMs(leftMs));
    return () => clearTimeout(timer);
  }, [leftMs]);
  return leftMs;
}

/** Shopify's own address that opens the store and holds the code ready for the checkout. */
function shoppingAddress(storefrontUrl: string, code: string): string {
  return `${storefrontUrl.replace(/\/$/, '')}/discount/${encodeURIComponent(code)}`;
}
