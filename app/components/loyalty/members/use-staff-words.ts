import { useTranslation } from 'react-i18next';

import { isolated } from './isolated.ts';

/**
 * Who did it, as whoever looks would say it: by their number where no name is known.
 *
 * @param names by number of staff
 */
export function useStaffWords(viewerId: string, names: Readonly<Record<string, string>>): (staffId: string | null) => string {
  const { t } = useTranslation('loyaltyMembers');
  return (staffId) => {
    if (staffId === null) return t('details.byUnknown');
    if (staffId === viewerId) return t('details.byYou');
    const name = names[staffId] ?? '';
    return name === '' ? t('details.by', { id: staffId }) : t('details.byName', { name: isolated(name) });
  };
}
