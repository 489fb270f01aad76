import { fromGid } from '../../global-id.ts';
import { resolversOf, textArg } from '../resolver.ts';
import { findCustomer } from '../visible-records.ts';
import { requireWriteCustomers } from './tag-mutations.ts';

interface Refusal {
  field: string[];
  code: string;
  message: string;
}

const refusal = (message: string): { customer: null; userErrors: Refusal[] } => ({
  customer: null,
  userErrors: [{ field: ['customerId'], code: 'INVALID', message }],
});

export const accountMutations = resolversOf<unknown>({
  // As often as it is asked, another e-mail goes out: nothing at Shopify keeps a second from being sent.
  customerSendAccountInviteEmail: (_source, args, context) => {
    requireWriteCustomers('customerSendAccountInviteEmail', context);
    const { store, platform } = context;
    const customer = findCustomer(fromGid(textArg(args, 'customerId') ?? '', 'Customer'), store);
    if (!customer) return refusal('Customer does not exist');
    if (store.shop.customerAccounts !== 'CLASSIC') return refusal('Account invites are for legacy customer accounts');
    if (customer.email === null) return refusal('Customer has no email address');
    if (customer.state === 'ENABLED') return refusal('The customer has an account already');
    const at = platform.now().toISOString();
    const invited = { ...customer, state: 'INVITED' as const, accountInvites: [...(customer.accountInvites ?? []), at], updatedAt: at };
    store.save('customer', invited);
    store.emit('customers/update', invited);
    return { customer: invited, userErrors: [] };
  },
});
