import { Text } from '@shopify/polaris';
import type { TFunction } from 'i18next';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { Inset } from '#app/components/inset.tsx';

const TICK_MS = 30_000;

export interface FreshnessLineProps {
  /** Null where the page does not say which order is the last. */
  lastOrderAtMs: number | null;
  freshAtMs: number | null;
  /** The server's clock when the page was made; the browser's may be wrong, and counts on from there only. */
  nowMs: number;
  timeZone: string;
}

export function FreshnessLine({ lastOrderAtMs, freshAtMs, nowMs, timeZone }: FreshnessLineProps) {
  const { t } = useTranslation('overview');
  const formats = useFormats();
  const shownNowMs = useTickingNow(nowMs);
  const ago = freshAtMs === null ? null : formats.ago(freshAtMs, shownNowMs);
  return (
    // Browsers and server may differ in a space or a comma of a date: what the server wrote stays.
    <div suppressHydrationWarning>
      <Inset>
        <Text as="p" tone="subdued">
          {words(lastOrderAtMs === null ? null : formats.instant(lastOrderAtMs, timeZone), ago, t)}
        </Text>
      </Inset>
    </div>
  );
}

function words(lastOrder: string | null, ago: string | null, t: TFunction<'overview'>): string {
  if (lastOrder === null) return ago === null ? '' : t('freshnessOnly', { ago });
  return ago === null ? t('freshnessUnknown', { lastOrder }) : t('freshness', { lastOrder, ago });
}

function useTickingNow(nowMs: number): number {
  const [shown, setShown] = useState(nowMs);
  useEffect(() => {
    const loadedAtMs = Date.now();
    setShown(nowMs);
    const timer = setInterval(() => setShown(nowMs + Date.now() - loadedAtMs), TICK_MS);
    return () => clearInterval(timer);
  }, [nowMs]);
  return shown;
}
