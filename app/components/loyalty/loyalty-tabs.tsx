import { Link } from '@remix-run/react';
import { useTranslation } from 'react-i18next';

import styles from './loyalty-tabs.module.css';

/** Pages of the program, in the order they are met. A page that is not there yet has no tab. */
const LOYALTY_TABS = {
  program: '/app/loyalty',
  rewards: '/app/loyalty/rewards',
  tiers: '/app/loyalty/tiers',
  members: '/app/loyalty/members',
  liability: '/app/loyalty/liability',
} as const;

export type LoyaltyTab = keyof typeof LOYALTY_TABS;

const TAB_NAMES = ['program', 'rewards', 'tiers', 'members', 'liability'] as const satisfies readonly LoyaltyTab[];

/** The way between the pages of the program; the save bar holds back whoever leaves changes behind. */
export function LoyaltyTabs({ current }: { current: LoyaltyTab }) {
  const { t } = useTranslation('loyalty');
  return (
    <nav aria-label={t('tabs.label')} className={styles['nav']}>
      <ul className={styles['list']}>
        {TAB_NAMES.map((name) => (
          <li key={name}>
            <Link to={LOYALTY_TABS[name]} className={styles['tab']} aria-current={name === current ? 'page' : undefined}>
              {t(`tabs.${name}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
