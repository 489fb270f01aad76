/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks';

import type { ShopperEntry } from '../../../app/contracts/shopper-loyalty.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';
import type { LoyaltyActions } from './use-loyalty.ts';
import { viewEntry } from './view-earning.ts';

interface HistorySectionProps {
  actions: LoyaltyActions;
  wording: Wording;
  /** Changes when points have moved, so that the first page is asked for again. */
  refreshes: unknown;
}

interface Ledger {
  entries: ShopperEntry[];
  next: number | null;
}

/** Every movement of points in human words, a page at a time. It stays away while it is not to be had. */
export function HistorySection({ actions, wording, refreshes }: HistorySectionProps) {
  const { translate } = wording;
  const [ledger, setLedger] = useState<Ledger | null>(null);
  const [more, setMore] = useState<'idle' | 'asking' | 'failed'>('idle');
  useEffect(() => {
    let isCurrent = true;
    void actions.entries(null).then((first) => {
      if (isCurrent && first) setLedger(first);
    });
    return () => {
      isCurrent = false;
    };
  }, [refreshes]);
  if (ledger === null || ledger.entries.length === 0) return null;
  const showMore = async (): Promise<void> => {
    setMore('asking');
    const page = await actions.entries(ledger.next);
    if (page) setLedger({ entries: [...ledger.entries, ...page.entries], next: page.next });
    setMore(page ? 'idle' : 'failed');
  };
  return (
    <s-section heading={translate('historyHeading')}>
      <s-stack gap="base">
        <s-stack gap="small" accessibilityRole="unordered-list">
          {ledger.entries.map((entry) => (
            <Entry key={entry.sequence} entry={entry} wording={wording} />
          ))}
        </s-stack>
        {more === 'failed' && <s-text color="subdued">{translate('trouble')}</s-text>}
        {ledger.next !== null && (
          <s-button variant="secondary" loading={more === 'asking'} onClick={() => void showMore()}>
            {translate('showMore')}
          </s-button>
        )}
      </s-stack>
    </s-section>
  );
}

function Entry({ entry, wording }: { entry: ShopperEntry; wording: Wording }) {
  const { sentence, day, points, isPending } = viewEntry(entry, wording);
  return (
    <s-grid gridTemplateColumns="1fr auto" gap="base" alignItems="start" accessibilityRole="list-item">
      <s-stack gap="none">
        <s-text>{sentence}</s-text>
        <s-text color="subdued">{day}</s-text>
      </s-stack>
      <s-stack gap="none" alignItems="end">
        <s-text type="strong">{points}</s-text>
        {isPending && points !== '' && <s-text color="subdued">{wording.translate('onTheWay')}</s-text>}
      </s-stack>
    </s-grid>
  );
}
