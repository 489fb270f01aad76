import type { SimCustomer } from '../../state.ts';
import type { OrderDraft } from './order-draft.ts';
import type { StableIds } from '../stable-ids.ts';

function splitName(name: string): { firstName: string | null; lastName: string | null } {
  const cut = name.lastIndexOf(' ');
  if (name === '') return { firstName: null, lastName: null };
  return cut === -1
    ? { firstName: null, lastName: name }
    : { firstName: name.slice(0, cut), lastName: name.slice(cut + 1) };
}

/** One customer for each e-mail address; drafts must come oldest first, so that the latest name and address stay. */
export function exportCustomers(
  drafts: readonly OrderDraft[],
  ids: StableIds,
  locale: string,
): Map<string, SimCustomer> {
  const customers = new Map<string, SimCustomer>();
  for (const draft of drafts) {
    if (draft.email === null) continue;
    const at = new Date(draft.createdMs).toISOString();
    const known = customers.get(draft.email);
    const marketing = draft.acceptsMarketing ? 'SUBSCRIBED' : 'NOT_SUBSCRIBED';
    const address = draft.billing ?? draft.shippingAddress;
    if (known !== undefined) {
      known.updatedAt = at;
      known.marketingState = marketing;
      known.defaultAddress = address ?? known.defaultAddress;
      if (draft.buyerName !== '') Object.assign(known, splitName(draft.buyerName));
      continue;
    }
    customers.set(draft.email, {
      id: ids.fromKey(`customer ${draft.email}`),
      email: draft.email,
      phone: null,
      ...splitName(draft.buyerName),
      locale,
      state: 'DISABLED',
      createdAt: at,
      updatedAt: at,
      tags: [],
      marketingState: marketing,
      defaultAddress: address,
      mergedIntoId: null,
      deletedAt: null,
    });
  }
  return customers;
}
