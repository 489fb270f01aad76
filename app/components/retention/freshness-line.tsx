import { Text } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { Inset } from '#app/components/inset.tsx';

const TICK_MS = 30_000;

export interface FreshnessLineProps {
  lastOrderAtMs: number;
  freshAtMs: number | null;
  /** The server's clock when the page was made; the browser's may be wrong, and counts on from there only. */
  nowMs: number;
  timeZone: string;
}

export function FreshnessLine({ lastOrderAtMs, freshAtMs, nowMs, timeZone }: FreshnessLineProps) {
  const { t } = useTranslation('overview');
  const formats = useFormats();
  const shownNowMs = useTickingNow(nowMs);
  const lastOrder = formats.instant(lastOrderAtMs, timeZone);
  return (
    // Browsers and server may differ in a space or a comma of a date: what the server wrote stays.
    <div suppressHydrationWarning>
      <Inset>
        <Text as="p" tone="subdued">
          {freshAtMs === null
            ? t('freshnessUnknown', { lastOrder })
            : t('freshness', { lastOrder, ago: formats.ago(freshAtMs, shownNowMs) })}
        </Text>
      </Inset>
    </div>
  );
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
