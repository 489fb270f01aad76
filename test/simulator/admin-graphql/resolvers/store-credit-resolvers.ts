import { parseDecimal } from '../../currency-amount.ts';
import { fromGid, toGid } from '../../global-id.ts';
import type { SimCustomer, SimStoreCredit, SimStoreCreditAccount } from '../../state.ts';
import { paginate, type Page } from '../page.ts';
import { badRequest, objectArg, resolversOf, textArg, Typed, type AdminContext, type Args, type ResolverMap } from '../resolver.ts';
import { findCustomer, search } from '../visible-records.ts';

interface CreditSource {
  customer: SimCustomer;
  account: SimStoreCreditAccount;
  credit: SimStoreCredit;
}

interface AccountSource {
  customer: SimCustomer;
  account: SimStoreCreditAccount;
}

export function storeCreditAccounts(customer: SimCustomer, args: Args, context: AdminContext): Page {
  const read = (account: SimStoreCreditAccount, field: string): (string | number)[] | undefined =>
    field === 'currency_code' ? [account.currency] : field === 'id' ? [account.id] : undefined;
  const items = search(customer.storeCredit ?? [], textArg(args, 'query'), read, context);
  return paginate({ items, idOf: ({ id }) => id, wrap: (account) => ({ customer, account }) }, args, context);
}

const account = resolversOf<AccountSource>({
  id: (source) => toGid('StoreCreditAccount', source.account.id),
  owner: ({ customer }) => new Typed('Customer', customer),
  balance: (source) => ({
    amountMinor: source.account.credits.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    currency: source.account.currency,
  }),
  transactions: ({ customer, account: of }, args, context) => {
    // All of them are credits, so nothing but a filter by another kind leaves any out.
    const read = (credit: SimStoreCredit, field: string): (string | number)[] | undefined =>
      field === 'type' ? ['credit'] : field === 'id' ? [credit.id] : undefined;
    const items = search(of.credits, textArg(args, 'query'), read, context);
    const wrap = (credit: SimStoreCredit): Typed => new Typed('StoreCreditAccountCreditTransaction', { customer, account: of, credit });
    return paginate({ items, idOf: ({ id }) => id, wrap }, args, context);
  },
});

const transaction = resolversOf<CreditSource>({
  id: ({ credit }) => toGid('StoreCreditAccountCreditTransaction', credit.id),
  createdAt: ({ credit }) => credit.createdAt,
  expiresAt: ({ credit }) => credit.expiresAt,
  event: () => 'ADJUSTMENT',
  amount: ({ account: of, credit }) => ({ amountMinor: credit.amountMinor, currency: of.currency }),
  remainingAmount: ({ account: of, credit }) => ({ amountMinor: credit.amountMinor, currency: of.currency }),
});

export const storeCreditResolvers: ResolverMap = {
  StoreCreditAccount: account,
  StoreCreditAccountCreditTransaction: transaction,
};

export const storeCreditMutations = resolversOf<unknown>({
  storeCreditAccountCredit: (_source, args, context) => credit(args, context),
});

/** Each call credits again: there is no key by which a repeated one would be known. */
function credit(args: Args, { store, platform }: AdminContext): unknown {
  const input = objectArg(args, 'creditInput') ?? {};
  const money = objectArg(input, 'creditAmount') ?? {};
  const currency = textArg(money, 'currencyCode') ?? '';
  const gid = textArg(args, 'id') ?? '';
  const id = fromGid(gid, 'Customer');
  if (id === null) throw badRequest('Only a customer is imitated as the owner of store credit.');
  const customer = findCustomer(id, store);
  if (!customer) return refusal(['id'], 'Owner does not exist.', 'OWNER_NOT_FOUND');
  const amountMinor = parseDecimal(textArg(money, 'amount') ?? '', currency);
  if (amountMinor === null || amountMinor <= 0) {
    return refusal(['creditInput', 'creditAmount', 'amount'], 'A positive amount must be used to credit a store credit account.', 'NEGATIVE_OR_ZERO_AMOUNT');
  }
  const accounts = customer.storeCredit ?? [];
  const before = accounts.find((known) => known.currency === currency) ?? { id: store.nextId(), currency, credits: [] };
  const added = { id: store.nextId(), amountMinor, createdAt: platform.now().toISOString(), expiresAt: textArg(input, 'expiresAt') };
  const after = { ...before, credits: [...before.credits, added] };
  const changed = { ...customer, storeCredit: [...accounts.filter((known) => known.currency !== currency), after] };
  store.save('customer', changed);
  return { storeCreditAccountTransaction: { customer: changed, account: after, credit: added }, userErrors: [] };
}

function refusal(field: string[], message: string, code: string): unknown {
  return { storeCreditAccountTransaction: null, userErrors: [{ field, message, code }] };
}
