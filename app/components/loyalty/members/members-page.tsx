import { Banner, BlockStack, Button, Card, InlineStack, Pagination, Select, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { Inset } from '#app/components/inset.tsx';
import { MEMBER_SORTS } from '#app/domain/loyalty/members/members-question.ts';
import type { MembersList } from '#app/domain/loyalty/members/member-page.ts';
import type { OrderAnswer } from '#app/domain/loyalty/members/told-entry.ts';
import { MembersTable } from './members-table.tsx';
import { OrderAnswerCard } from './order-answer-card.tsx';

export interface MembersPageProps extends MembersList {
  /** As the address says them. */
  sort: string;
  q: string;
  /** The order that was asked about, of whomever; null when none was. */
  asked: string | null;
  answer: OrderAnswer | null;
  names: Readonly<Record<string, string>>;
  isLoading: boolean;
  /** Names of the address that change; null takes one away. */
  onChange: (changes: Readonly<Record<string, string | null>>) => void;
  onAsk: (words: string) => void;
}

export function MembersPage(props: MembersPageProps) {
  const { members, q, asked, answer, timeZone, isLoading, onAsk } = props;
  return (
    <BlockStack gap="400">
      {members === 0 && q === '' ? <NoMembers /> : <Members {...props} />}
      <OrderAnswerCard key={asked} {...{ asked, answer, timeZone, isLoading, onAsk }} leadsToMember />
    </BlockStack>
  );
}

function Members(props: MembersPageProps) {
  const { rows, q, silence, names, timeZone, isLoading, onChange } = props;
  const { t } = useTranslation('loyaltyMembers');
  return (
    <BlockStack gap="400">
      {silence === null ? null : (
        <Banner tone="info">
          <p>{t(`silence.${silence}`)}</p>
        </Banner>
      )}
      <Card padding="0">
        <Head {...props} />
        {rows.length === 0 ? (
          <div style={{ padding: 'var(--p-space-600) var(--p-space-400) var(--p-space-800)' }}>
            <BlockStack gap="300" inlineAlign="center">
              <Text as="h3" variant="headingMd">{t('empty.nobodyTitle')}</Text>
              <Text as="p" alignment="center">{t('empty.nobodyText', { words: q })}</Text>
              <Button onClick={() => onChange({ q: null })}>{t('search.clear')}</Button>
            </BlockStack>
          </div>
        ) : (
          <MembersTable {...{ rows, names, timeZone, isLoading }} />
        )}
        <Pages {...props} />
      </Card>
      <Inset>
        <Text as="p" variant="bodySm" tone="subdued">{t('basis', { timeZone })}</Text>
      </Inset>
    </BlockStack>
  );
}

function Head({ members, rows, q, sort, onChange }: MembersPageProps) {
  const { t } = useTranslation('loyaltyMembers');
  const formats = useFormats();
  const [words, setWords] = useState(q);
  const sorts = MEMBER_SORTS.flatMap((by) => (['desc', 'asc'] as const).map((direction) => ({ value: `${by}-${direction}`, label: t(`sort.${by}-${direction}`) })));
  const count = q === '' ? t('count', { count: members, number: formats.count(members) }) : t('found', { count: rows.length, number: formats.count(rows.length) });
  return (
    <div style={{ padding: 'var(--p-space-300) var(--p-space-400)' }}>
      <BlockStack gap="300">
        <form
          role="search"
          onSubmit={(event) => {
            event.preventDefault();
            onChange({ q: words.trim() === '' ? null : words.trim() });
          }}
        >
          <TextField
            label={t('search.label')}
            labelHidden
            type="search"
            value={words}
            placeholder={t('search.placeholder')}
            autoComplete="off"
            clearButton
            onClearButtonClick={() => {
              setWords('');
              onChange({ q: null });
            }}
            onChange={setWords}
            connectedRight={<Button submit>{t('search.action')}</Button>}
          />
        </form>
        <InlineStack align="space-between" blockAlign="center" gap="300">
          <div role="status">
            <Text as="h2" variant="headingSm">{count}</Text>
          </div>
          {q === '' ? <Select label={t('sort.label')} labelInline value={sort} options={sorts} onChange={(value) => onChange({ sort: value })} /> : null}
        </InlineStack>
      </BlockStack>
    </div>
  );
}

function Pages({ next, previous, onChange }: MembersPageProps) {
  const { t } = useTranslation('loyaltyMembers');
  if (next === null && previous === null) return null;
  return (
    <div style={{ padding: 'var(--p-space-300)' }}>
      <InlineStack align="center">
        <Pagination
          accessibilityLabel={t('pages')}
          hasNext={next !== null}
          hasPrevious={previous !== null}
          nextTooltip={t('next')}
          previousTooltip={t('previous')}
          onNext={() => onChange({ after: next })}
          onPrevious={() => onChange({ before: previous })}
        />
      </InlineStack>
    </div>
  );
}

function NoMembers() {
  const { t } = useTranslation('loyaltyMembers');
  return (
    <Card>
      <BlockStack gap="300" inlineAlign="start">
        <Text as="h2" variant="headingMd">{t('empty.title')}</Text>
        <Text as="p">{t('empty.text')}</Text>
        <InlineStack gap="200">
          <Button url="/app/loyalty" variant="primary">{t('empty.toProgram')}</Button>
          <Button url="/app/loyalty/import">{t('empty.toImport')}</Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
