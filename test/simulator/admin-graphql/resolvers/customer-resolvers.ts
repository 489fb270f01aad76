import { fromGid, toGid } from '../../global-id.ts';
import { computeOrderMoney } from '../../order-money.ts';
import { rfmGroupOf } from '../../rfm-group.ts';
import type { SimCustomer, SimOrder } from '../../state.ts';
import { paginate, wholeList } from '../page.ts';
import { badRequest, resolversOf, textArg, type AdminContext, type ResolverMap } from '../resolver.ts';
import { findCustomer, findCustomerByEmail, lastOrderAt, listCustomers, ordersOfCustomer } from '../visible-records.ts';
import { namespaceOf } from './metafield-mutations.ts';
import { storeCreditAccounts } from './store-credit-resolvers.ts';
import { OrderSource, ordersPage } from './order-resolvers.ts';

const nothing = (): null => null;

const customerFields = resolversOf<SimCustomer>({
  id: ({ id }) => toGid('Customer', id),
  legacyResourceId: ({ id }) => String(id),
  displayName: (customer) =>
    [customer.firstName, customer.lastName].filter(Boolean).join(' ') || customer.email || customer.phone || '',
  note: nothing,
  verifiedEmail: () => true,
  validEmailAddress: () => true,
  taxExempt: () => false,
  dataSaleOptOut: () => false,
  productSubscriberStatus: () => 'NEVER_SUBSCRIBED',
  canDelete: (customer, _args, context) => ordersOfCustomer(customer, context).length === 0,
  defaultEmailAddress: (customer) =>
    customer.email === null
      ? null
      : {
          emailAddress: customer.email,
          marketingState: customer.marketingState,
          marketingOptInLevel: 'SINGLE_OPT_IN',
          marketingUpdatedAt: customer.marketingChangedAt ?? null,
          validFormat: true,
        },
  defaultPhoneNumber: (customer) =>
    customer.phone === null
      ? null
      : {
          phoneNumber: customer.phone,
          marketingState: 'NOT_SUBSCRIBED',
          marketingOptInLevel: 'SINGLE_OPT_IN',
          marketingUpdatedAt: null,
        },
  emailMarketingConsent: (customer) =>
    customer.email === null
      ? null
      : { marketingState: customer.marketingState, marketingOptInLevel: 'SINGLE_OPT_IN', consentUpdatedAt: null },
  addressesV2: (customer, args, context) =>
    wholeList(customer.defaultAddress === null ? [] : [customer.defaultAddress], args, context),
  numberOfOrders: (customer, _args, context) => String(countedOrders(customer, context).length),
  amountSpent: (customer, _args, context) => ({
    amountMinor: countedOrders(customer, context).reduce(
      (sum, order) => sum + computeOrderMoney(order).netPayment.shop.amountMinor,
      0,
    ),
    currency: context.store.shop.currency,
  }),
  lastOrder: (customer, _args, context) => {
    const last = ordersOfCustomer(customer, context)
      .toSorted((left, right) => left.processedAt.localeCompare(right.processedAt))
      .at(-1);
    return last ? new OrderSource(last) : null;
  },
  orders: (customer, args, context) => ordersPage(ordersOfCustomer(customer, context), args, context),
  statistics: (customer, _args, context) => ({
    predictedSpendTier: null,
    rfmGroup: rfmGroupOf(countedOrders(customer, context), lastOrderAt(context.store)),
  }),
  metafield: ({ metafields = [] }, args, context) => {
    const [namespace, key] = [namespaceOf(textArg(args, 'namespace'), context), textArg(args, 'key')];
    return metafields.find((known) => known.namespace === namespace && known.key === key) ?? null;
  },
  storeCreditAccounts: (customer, args, context) => storeCreditAccounts(customer, args, context),
  metafields: ({ metafields = [] }, args, context) => wholeList(metafields, args, context),
});

/** Test and cancelled orders do not count towards a customer's totals. */
function countedOrders(customer: SimCustomer, context: AdminContext): SimOrder[] {
  return ordersOfCustomer(customer, context).filter((order) => !order.test && order.cancelledAt === null);
}

export const customerResolvers: ResolverMap = { Customer: customerFields };

export const customerQueries = resolversOf<unknown>({
  customer: (_source, args, { store }) => findCustomer(fromGid(textArg(args, 'id') ?? '', 'Customer'), store),
  customerByIdentifier: (_source, args, { store }) => {
    const { id, emailAddress } = Object(args['identifier']) as Record<'id' | 'emailAddress', unknown>;
    if (typeof id === 'string') return findCustomer(fromGid(id, 'Customer'), store);
    if (typeof emailAddress === 'string') return findCustomerByEmail(emailAddress, store);
    throw badRequest('The local Shopify finds customers by their id or their e-mail address');
  },
  customers: (_source, args, context) =>
    paginate(
      { items: listCustomers(args, context), idOf: (customer) => customer.id, wrap: (customer) => customer },
      args,
      context,
    ),
  customersCount: (_source, args, context) => ({ count: listCustomers(args, context).length, precision: 'EXACT' }),
});
