import { BlockStack, Card, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { MemberPage } from '#app/domain/loyalty/members/member-page.ts';
import { useStaffWords } from './use-staff-words.ts';

/** When a member was out of the program and by whose decision; nothing for who never was. */
export function ExclusionHistory({ exclusions, timeZone, staffId, staffNames }: Pick<MemberPage, 'exclusions' | 'timeZone' | 'staffNames'> & { staffId: string }) {
  const { t } = useTranslation('loyaltyMembers');
  const formats = useFormats();
  const staffWords = useStaffWords(staffId, staffNames);
  if (exclusions.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">{t('exclusions.title')}</Text>
        <Text as="p" tone="subdued">{t('exclusions.text')}</Text>
        {exclusions.toReversed().map(({ isExcluded, changedAtMs, staffId: by }) => (
          <Text as="p" key={changedAtMs}>
            {t(isExcluded ? 'exclusions.out' : 'exclusions.in', { instant: formats.instant(changedAtMs, timeZone), who: staffWords(by) })}
          </Text>
        ))}
      </BlockStack>
    </Card>
  );
}
