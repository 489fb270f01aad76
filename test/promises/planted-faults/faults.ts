import { LOYALTY_FAULTS } from './loyalty-faults.ts';
import { OFFER_FAULTS } from './offer-faults.ts';
import type { PlantedFault } from './planted-fault.ts';
import { PLATFORM_FAULTS } from './platform-faults.ts';
import { SHOWN_FAULTS } from './shown-faults.ts';
import { SURVIVED_FAULTS } from './survived-faults.ts';
import { SURVIVED_GUARD_FAULTS } from './survived-guard-faults.ts';
import { SURVIVED_KEPT_FAULTS } from './survived-kept-faults.ts';
import { SURVIVED_OFFER_FAULTS } from './survived-offer-faults.ts';
import { SURVIVED_OUTSIDE_FAULTS } from './survived-outside-faults.ts';
import { SURVIVED_RECOVERY_FAULTS } from './survived-recovery-faults.ts';
import { SURVIVED_SYNC_FAULTS } from './survived-sync-faults.ts';

const SURVIVED = [
  ...[...SURVIVED_FAULTS, ...SURVIVED_SYNC_FAULTS, ...SURVIVED_RECOVERY_FAULTS, ...SURVIVED_GUARD_FAULTS, ...SURVIVED_KEPT_FAULTS],
  ...[...SURVIVED_OFFER_FAULTS, ...SURVIVED_OUTSIDE_FAULTS, ...SHOWN_FAULTS],
];

export const FAULTS: readonly PlantedFault[] = [...PLATFORM_FAULTS, ...LOYALTY_FAULTS, ...OFFER_FAULTS, ...SURVIVED];
