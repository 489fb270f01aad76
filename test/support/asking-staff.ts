import type { AskingStaff } from '#app/services/staff/identify-staff.server.ts';

/** Somebody of the staff in a test that has no Shopify to ask who they are. */
export function askingStaff(staffId: string): AskingStaff {
  return { staffId, fetchStaffFacts: () => Promise.resolve({ outcome: 'unavailable' }) };
}
