import { Link } from '@remix-run/react';
import { BlockStack, Card, Text } from '@shopify/polaris';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { customersLink } from '#app/components/customers-link.ts';
import { useFormats } from '#app/components/formats.tsx';
import { NumberTable, Under } from '#app/components/tables/number-table.tsx';
import { RFM_GROUPS } from '#app/domain/retention/report/report.ts';
import type { RfmGroup, RfmReport } from '#app/domain/retention/report/report.ts';
import { RFM_GROUP_RULES } from '#app/domain/retention/metrics/rfm-group.ts';
import type { RfmAgreement } from '#app/domain/retention/metrics/rfm-agreement.ts';
import styles from './customer-groups.module.css';
import { ShopifyAgreement } from './shopify-agreement.tsx';

export interface CustomerGroupsProps {
  groups: Readonly<Record<RfmGroup, number>>;
  /** Where scores begin. */
  breaks: RfmReport['breaks'];
  currency: string;
  /** What the counts rest on, in a sentence. */
  basis: string;
  /** With Shopify's own groups; undefined until it is known, null where there is nothing to compare. */
  agreement?: RfmAgreement | null | undefined;
  asOf: string;
  /** Of a part of the customers, who are grouped among themselves: no list of customers knows those groups. */
  isPart: boolean;
}

/** Counts of customers by group, what each means, and what to do. */
export const CustomerGroups = memo(function CustomerGroups({ groups, breaks, currency, basis, agreement, asOf, isPart }: CustomerGroupsProps) {
  const { t } = useTranslation('groups');
  const buyers = RFM_GROUPS.reduce((sum, group) => (group === 'PROSPECTS' ? sum : sum + groups[group]), 0);
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t('title')}
          </Text>
          <Text as="p" tone="subdued">
            {t('text')}
          </Text>
        </BlockStack>
        <div role="table" aria-label={t('caption')}>
          <div role="row" className={`${styles.row} ${styles.header}`}>
            <HeaderCell text={t('group')} />
            <HeaderCell text={t('customers')} />
            <HeaderCell text={t('meaning')} />
            <HeaderCell text={t('advice')} />
          </div>
          {RFM_GROUPS.map((group) => (
            <GroupRow key={group} group={group} customers={groups[group]} buyers={buyers} link={isPart ? null : groupLink(group, asOf)} />
          ))}
        </div>
        <ShopifyAgreement agreement={agreement} />
        <ScoreLimits breaks={breaks} currency={currency} />
        <Text as="p" variant="bodySm" tone="subdued">
          {t('explained', { words: t('scores.words'), formula: t('scores.formula') })}
        </Text>
        <Text as="p" variant="bodySm" tone="subdued">
          {t('ties')}
        </Text>
        <Text as="p" variant="bodySm" tone="subdued">
          {basis}
        </Text>
      </BlockStack>
    </Card>
  );
});

function HeaderCell({ text }: { text: string }) {
  return (
    <div role="columnheader">
      <Text as="span" variant="bodySm" tone="subdued">
        {text}
      </Text>
    </div>
  );
}

function groupLink(group: RfmGroup, asOf: string): string | null {
  // Prospects have no order, and are in no list of customers.
  return group === 'PROSPECTS' ? null : customersLink({ asOf }, [{ kind: 'choice', field: 'rfmGroup', anyOf: [group] }]);
}

interface GroupRowProps {
  group: RfmGroup;
  customers: number;
  buyers: number;
  /** Where they are listed. */
  link: string | null;
}

function GroupRow({ group, customers, buyers, link }: GroupRowProps) {
  const { t } = useTranslation('groups');
  const formats = useFormats();
  // Prospects have not bought, so they are no part of those who have.
  const share = group === 'PROSPECTS' || buyers === 0 ? null : customers / buyers;
  return (
    <div role="row" className={styles.row}>
      <div role="rowheader">
        <Text as="span" fontWeight="semibold">
          {link === null || customers === 0 ? t(`${group}.name`) : <Link to={link}>{t(`${group}.name`)}</Link>}
        </Text>
      </div>
      <div role="cell">
        <div className={styles.numbers}>
          <span>{formats.count(customers)}</span>
          <Text as="span" tone="subdued">
            {share === null ? null : formats.percent(share)}
          </Text>
        </div>
        {share === null ? null : (
          <div className={styles.track} aria-hidden="true">
            <span className={styles.bar} style={{ width: `${(share * 100).toFixed(1)}%` }} />
          </div>
        )}
      </div>
      <div role="cell" className={styles.wide}>
        {t(`${group}.meaning`)}
        {group === 'PROSPECTS' ? null : <Under>{RFM_GROUP_RULES[group]}</Under>}
      </div>
      <div role="cell" className={styles.wide}>
        <span className={styles.label}>{t('advice')}: </span>
        {t(`${group}.advice`)}
      </div>
    </div>
  );
}

/** Between which values a customer has which score. */
function ScoreLimits({ breaks, currency }: Pick<CustomerGroupsProps, 'breaks' | 'currency'>) {
  const { t } = useTranslation('groups');
  const formats = useFormats();
  const money = (minor: number) => formats.money(minor, currency);
  const rows = [
    { key: 'r', name: t('scores.recency'), cells: breaks.r.map(formats.tenths) },
    { key: 'f', name: t('scores.frequency'), cells: breaks.f.map(formats.tenths) },
    { key: 'm', name: t('scores.money'), cells: breaks.m.map(money) },
  ];
  const columns = breaks.r.map((_, index) => ({ title: `${t('scores.breakName')} ${index + 1}` }));
  return <NumberTable caption={t('scores.breaksCaption')} nameTitle={t('scores.breaks')} columns={columns} rows={rows} />;
}
