/** @jsxImportSource preact */
import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/admin.customer-details.block.render';
import { render } from 'preact';
import { useState } from 'preact/hooks';

import type { AdminCustomerCard, AdminLoyalty, AdminOutlook } from '../../../app/contracts/admin-blocks.ts';
import type { Wording } from '../../admin-kit/src/words.ts';
import { AdjustForm } from './AdjustForm.tsx';
import { useCard } from './use-card.ts';
import { summaryOf, viewEntry, viewOutlook, viewPoints } from './view-model.ts';

declare const shopify: Api;

export default function extension(): void {
  render(<CustomerCard />, document.body);
}

function CustomerCard() {
  const wording: Wording = shopify.i18n;
  const { translate } = wording;
  const customerId = shopify.data.selected[0]?.id ?? '';
  const { known, ask } = useCard(customerId);
  if (known === 'loading') {
    return (
      <s-admin-block heading={translate('heading')}>
        <s-spinner accessibilityLabel={translate('loading')} />
      </s-admin-block>
    );
  }
  if (known === 'unavailable') {
    return (
      <s-admin-block heading={translate('heading')}>
        <s-stack gap="small" alignItems="start">
          <s-text color="subdued">{translate('unavailable')}</s-text>
          <s-button onClick={ask}>{translate('retry')}</s-button>
        </s-stack>
      </s-admin-block>
    );
  }
  return (
    <s-admin-block heading={translate('heading')} collapsedSummary={summaryOf(known, wording)}>
      <s-stack gap="base">
        <Points {...{ customerId, wording }} loyalty={known.loyalty} onAdjusted={ask} />
        <s-divider />
        <Outlook outlook={known.outlook} wording={wording} />
        <Links {...{ customerId, known, wording }} />
      </s-stack>
    </s-admin-block>
  );
}

function Points({ customerId, loyalty, wording, onAdjusted }: { customerId: string; loyalty: AdminLoyalty; wording: Wording; onAdjusted: () => void }) {
  const { translate } = wording;
  const { member, program } = loyalty;
  const { figure, badges, lines } = viewPoints(loyalty, wording);
  // A number that changes while nothing else does is easily missed, so the block says what happened.
  const [place, setPlace] = useState<'closed' | 'open' | 'done'>('closed');
  return (
    <s-stack gap="small">
      <s-stack direction="inline" gap="small" alignItems="center">
        <s-heading>{figure}</s-heading>
        {badges.map((badge) => (
          <s-badge key={badge}>{badge}</s-badge>
        ))}
      </s-stack>
      {lines.length > 0 && (
        <s-stack gap="small-500">
          {lines.map((line) => (
            <s-text key={line} color="subdued">
              {line}
            </s-text>
          ))}
        </s-stack>
      )}
      {place === 'open' ? (
        <AdjustForm
          {...{ customerId, wording }}
          balance={member?.points ?? 0}
          onDone={() => {
            setPlace('done');
            onAdjusted();
          }}
          onCancel={() => setPlace('closed')}
        />
      ) : (
        program !== 'none' && (
          <s-stack direction="inline" gap="small" alignItems="center">
            <s-button onClick={() => setPlace('open')}>{translate('adjust')}</s-button>
            <s-box accessibilityRole="status">{place === 'done' && <s-text tone="success">{translate('adjusted')}</s-text>}</s-box>
          </s-stack>
        )
      )}
      {member !== null && member.entries.length > 0 && <Entries entries={member.entries} wording={wording} />}
    </s-stack>
  );
}

function Entries({ entries, wording }: { entries: NonNullable<AdminLoyalty['member']>['entries']; wording: Wording }) {
  return (
    <s-stack gap="small-200">
      <s-text type="strong">{wording.translate('latest')}</s-text>
      {entries.map((entry) => {
        const { key, what, points, day } = viewEntry(entry, wording);
        return (
          <s-grid key={key} gridTemplateColumns="1fr auto" gap="small">
            <s-stack gap="none">
              <s-text>{what}</s-text>
              <s-text color="subdued">{day}</s-text>
            </s-stack>
            <s-text>{points}</s-text>
          </s-grid>
        );
      })}
    </s-stack>
  );
}

function Outlook({ outlook, wording }: { outlook: AdminOutlook; wording: Wording }) {
  const { translate } = wording;
  if (outlook.state !== 'known') {
    const said = { importing: 'importing', computing: 'computing', 'no-orders': 'noOrders' }[outlook.state];
    return <s-text color="subdued">{translate(said ?? 'computing')}</s-text>;
  }
  return (
    <s-grid gridTemplateColumns="repeat(auto-fit, minmax(240px, 1fr))" gap="base">
      {viewOutlook(outlook, wording).map(({ term, value, hint }) => (
        <s-stack key={term} gap="none">
          <s-text color="subdued">{term}</s-text>
          <s-text type="strong">{value}</s-text>
          {hint !== null && <s-text color="subdued">{hint}</s-text>}
        </s-stack>
      ))}
    </s-grid>
  );
}

function Links({ customerId, known, wording }: { customerId: string; known: AdminCustomerCard; wording: Wording }) {
  const { member } = known.loyalty;
  const hasOrders = known.outlook.state === 'known';
  const number = customerId.slice(customerId.lastIndexOf('/') + 1);
  if (member === null && !hasOrders) return null;
  return (
    <s-stack direction="inline" gap="base">
      {member !== null && <s-link href={`app:app/loyalty/members/${member.memberId}`}>{wording.translate('seeLedger')}</s-link>}
      {hasOrders && <s-link href={`app:app/customers/${number}`}>{wording.translate('seeCustomer')}</s-link>}
    </s-stack>
  );
}
