import { Banner, BlockStack, Button, Card, InlineStack, Modal, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import type { OrderAnswer } from '#app/domain/loyalty/members/told-entry.ts';
import type { MemberPage } from '#app/domain/loyalty/members/member-page.ts';
import { LedgerTable } from './ledger-table.tsx';
import { ExclusionHistory } from './exclusion-history.tsx';
import { MemberFacts } from './member-facts.tsx';
import { OrderAnswerCard } from './order-answer-card.tsx';
import { TierHistory } from './tier-history.tsx';

export interface MemberViewProps extends MemberPage {
  staffId: string;
  /** Why whoever looks may adjust no points; null, or left out, where they may. */
  adjustingRefusal?: 'not-allowed' | 'not-confirmed' | null;
  asked: string | null;
  answer: OrderAnswer | null;
  /** The page of the ledger does not begin with the newest entry. */
  isOlder: boolean;
  isLoading: boolean;
  onAsk: (words: string) => void;
  onPage: (before: number | null) => void;
}

/** One member: where their points stand, why an order earned or not, and everything that happened. */
export function MemberView(props: MemberViewProps) {
  const { asked, answer, timeZone, isLoading, onAsk } = props;
  return (
    <BlockStack gap="400">
      <Notices {...props} />
      <AdjustingNotice {...props} />
      <MemberFacts {...props} />
      <OrderAnswerCard key={asked} {...{ asked, answer, timeZone, isLoading, onAsk }} />
      <LedgerCard {...props} />
      <TierHistory {...props} />
      <ExclusionHistory {...props} />
    </BlockStack>
  );
}

function Notices({ mergedInto, isExcluded, customerId }: MemberViewProps) {
  const { t } = useTranslation('loyaltyMembers');
  if (mergedInto !== null) {
    return (
      <Banner tone="info" action={{ content: t('notices.mergedTo'), url: `/app/loyalty/members/${mergedInto}` }}>
        <p>{t('notices.merged')}</p>
      </Banner>
    );
  }
  if (customerId !== null && !isExcluded) return null;
  return (
    <Banner tone="info">
      <p>{customerId === null ? t('notices.forgotten') : t('notices.excluded')}</p>
    </Banner>
  );
}

/** Of a member whose points others may adjust. */
function AdjustingNotice({ adjustingRefusal = null, customerId, mergedInto }: MemberViewProps) {
  const { t } = useTranslation('loyaltyMembers');
  if (adjustingRefusal === null || customerId === null || mergedInto !== null) return null;
  return (
    <Banner tone="info" action={{ content: t('notices.whoMay'), url: '/app/loyalty/staff' }}>
      <p>{t(`notices.${adjustingRefusal}`)}</p>
    </Banner>
  );
}

function LedgerCard({ entries, next, isOlder, currency, timeZone, staffId, staffNames, onPage }: MemberViewProps) {
  const { t } = useTranslation('loyaltyMembers');
  return (
    <Card padding="0">
      <div style={{ padding: 'var(--p-space-400)' }}>
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">{t('ledger.title')}</Text>
          <Text as="p" tone="subdued">{entries.length === 0 ? t('ledger.none') : t('ledger.text')}</Text>
        </BlockStack>
      </div>
      {entries.length === 0 ? null : <LedgerTable {...{ entries, currency, timeZone, staffId, staffNames }} />}
      {next === null && !isOlder ? null : (
        <div style={{ padding: 'var(--p-space-300) var(--p-space-400)' }}>
          <InlineStack gap="200" align="center">
            {isOlder ? <Button onClick={() => onPage(null)}>{t('ledger.newest')}</Button> : null}
            {next === null ? null : <Button onClick={() => onPage(next)}>{t('ledger.older')}</Button>}
          </InlineStack>
        </div>
      )}
    </Card>
  );
}

export function ExcludeDialog({ isOpen, isSaving, onClose, onConfirm }: { isOpen: boolean; isSaving: boolean; onClose: () => void; onConfirm: () => void }) {
  const { t } = useTranslation('loyaltyMembers');
  return (
    <Modal
      open={isOpen}
      onClose={onClose}
      title={t('excludeDialog.title')}
      primaryAction={{ content: t('excludeDialog.confirm'), destructive: true, loading: isSaving, onAction: onConfirm }}
      secondaryActions={[{ content: t('excludeDialog.cancel'), onAction: onClose }]}
    >
      <Modal.Section>
        <Text as="p">{t('excludeDialog.text')}</Text>
      </Modal.Section>
    </Modal>
  );
}
