import { useTranslation } from 'react-i18next';

/** Who did it, as whoever looks would say it: Shopify tells us a number and no name. */
export function useStaffWords(viewerId: string): (staffId: string | null) => string {
  const { t } = useTranslation('loyaltyMembers');
  return (staffId) => {
    if (staffId === null) return t('details.byUnknown');
    return staffId === viewerId ? t('details.byYou') : t('details.by', { id: staffId });
  };
}
