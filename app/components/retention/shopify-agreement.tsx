import { BlockStack, Button, Collapsible, DataTable, InlineStack, Text } from '@shopify/polaris';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { RfmAgreement } from '#app/domain/retention/metrics/rfm-agreement.ts';
import { RFM_GROUPS } from '#app/domain/retention/report/report.ts';
import type { RfmGroup } from '#app/domain/retention/report/report.ts';
import styles from './shopify-agreement.module.css';

/** How often Shopify's own groups are these; nothing of a day that Shopify's are not of. */
export function ShopifyAgreement({ agreement }: { agreement: RfmAgreement | null | undefined }) {
  const { t } = useTranslation('groups');
  const formats = useFormats();
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const share = agreement?.share ?? null;
  return (
    <BlockStack gap="200">
      <div className={styles.line}>
        {agreement === undefined || agreement === null ? (
          <Text as="p" variant="bodySm" tone="subdued">
            {agreement === null ? t('shopify.otherDay') : ''}
          </Text>
        ) : share === null ? (
          <Text as="p" variant="bodySm" tone="subdued">
            {t('shopify.none')}
          </Text>
        ) : (
          <InlineStack gap="200" blockAlign="center">
            <Text as="p">
              {t('shopify.agrees', { share: formats.wholePercent(share), count: agreement.customers, number: formats.count(agreement.customers) })}
            </Text>
            <Button
              variant="plain"
              disclosure={isOpen ? 'up' : 'down'}
              ariaExpanded={isOpen}
              ariaControls={id}
              onClick={() => setIsOpen(!isOpen)}
            >
              {t('shopify.show')}
            </Button>
          </InlineStack>
        )}
      </div>
      {agreement && share !== null ? (
        <Collapsible id={id} open={isOpen}>
          <AgreementTable pairs={agreement.pairs} />
        </Collapsible>
      ) : null}
    </BlockStack>
  );
}

/** A row for each of our groups, a column for each of Shopify's that somebody is in. */
export function AgreementTable({ pairs }: Pick<RfmAgreement, 'pairs'>) {
  const { t } = useTranslation('groups');
  const formats = useFormats();
  const { ours, theirs, at } = useMemo(() => arrange(pairs), [pairs]);
  const nameOf = (group: string) => (isKnown(group) ? t(`${group}.name`) : group);
  return (
    <BlockStack gap="200">
      <DataTable
        columnContentTypes={['text', ...theirs.map(() => 'numeric' as const)]}
        headings={[t('shopify.axes'), ...theirs.map(nameOf)]}
        rows={ours.map((group) => [nameOf(group), ...theirs.map((their) => formats.count(at(group, their)))])}
      />
      <Text as="p" variant="bodySm" tone="subdued">
        {t('shopify.why')}
      </Text>
    </BlockStack>
  );
}

function arrange(pairs: RfmAgreement['pairs']) {
  const counts = new Map(pairs.map(({ ours, theirs, customers }) => [`${ours} ${theirs}`, customers]));
  const named = new Set(pairs.map(({ theirs }) => theirs));
  return {
    ours: RFM_GROUPS.filter((group) => pairs.some((pair) => pair.ours === group)),
    // Ours first and in our order, then names of later.
    theirs: [...RFM_GROUPS.filter((group) => named.has(group)), ...[...named].filter((group) => !isKnown(group)).sort()],
    at: (ours: string, theirs: string) => counts.get(`${ours} ${theirs}`) ?? 0,
  };
}

function isKnown(group: string): group is RfmGroup {
  return RFM_GROUPS.some((known) => known === group);
}
