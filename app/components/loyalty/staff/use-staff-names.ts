import { useTranslation } from 'react-i18next';

import { isolated } from '#app/components/loyalty/members/isolated.ts';
import type { ShownStaff } from '#app/domain/staff/permissions-page.ts';

/** What somebody of the staff is called, for whoever looks: by their number where no name is known. */
export function useStaffNames(staff: readonly ShownStaff[], viewerId: string): (staffId: string) => string {
  const { t } = useTranslation('loyaltyStaff');
  const names = new Map(staff.map(({ staffId, name }) => [staffId, name]));
  return (staffId) => {
    const name = names.get(staffId) ?? '';
    const called = name === '' ? t('unnamed', { id: staffId }) : isolated(name);
    return staffId === viewerId ? `${called} (${t('you')})` : called;
  };
}
