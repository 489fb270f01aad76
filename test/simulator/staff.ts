import type { ShopStore } from './shop-store.ts';
import type { SimShop, SimStaff } from './state.ts';

/** Of a store that says nothing of its own: the first is the owner, and who is signed in. */
const USUAL_STAFF: readonly SimStaff[] = [
  { id: 1, firstName: 'Robin', lastName: 'Owner', email: 'owner@example.com', isOwner: true, isCollaborator: false },
  { id: 2, firstName: 'Sam', lastName: 'Clerk', email: 'sam@example.com', isOwner: false, isCollaborator: false },
  { id: 3, firstName: 'Kim', lastName: 'Agency', email: 'kim@agency.example', isOwner: false, isCollaborator: true },
];

export function staffOf(shop: SimShop): readonly SimStaff[] {
  return shop.staff ?? USUAL_STAFF;
}

/** Whose name the admin's pages bear and whose number is in the session tokens that they make. */
export function signedInStaff(shop: SimShop): SimStaff {
  const staff = staffOf(shop);
  const signedIn = staff.find(({ id }) => id === shop.signedInStaffId) ?? staff.find(({ isOwner }) => isOwner);
  if (signedIn === undefined) throw new Error(`${shop.domain} has no owner`);
  return signedIn;
}

/** Somebody else sits down before the admin. False for nobody of the store. */
export function signIn(store: ShopStore, staffId: number): boolean {
  if (!staffOf(store.shop).some(({ id }) => id === staffId)) return false;
  store.save('shop', { ...store.shop, signedInStaffId: staffId });
  return true;
}

/** Their account is closed: Shopify takes no session token of theirs any more. */
export function removeStaff(store: ShopStore, staffId: number): void {
  store.save('shop', { ...store.shop, staff: staffOf(store.shop).filter(({ id }) => id !== staffId) });
}

/** A store has one owner. */
export function transferOwnership(store: ShopStore, staffId: number): void {
  store.save('shop', { ...store.shop, staff: staffOf(store.shop).map((one) => ({ ...one, isOwner: one.id === staffId })) });
}
