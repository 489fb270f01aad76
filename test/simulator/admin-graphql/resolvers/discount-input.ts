import { parseDecimal } from '../../currency-amount.ts';
import { fromGid } from '../../global-id.ts';
import type { ShopStore } from '../../shop-store.ts';
import type { SimCodeDiscount, SimMoney } from '../../state.ts';
import { badRequest, listArg, numberArg, notImitated, objectArg, textArg, type Args } from '../resolver.ts';

export interface DiscountUserError {
  field: string[] | null;
  message: string;
  code: string | null;
  extraInfo: null;
}

/** What `DiscountCodeBasicInput` says about a discount, besides its code; absent parts keep what was there. */
export type DiscountTerms = Omit<SimCodeDiscount, 'id' | 'codes' | 'createdAt' | 'status'>;

export function userError(path: string[], message: string, code: string | null): DiscountUserError {
  return { field: path, message, code, extraInfo: null };
}

/** The argument that a discount of this kind is given as. */
export type DiscountArgument = 'basicCodeDiscount' | 'freeShippingCodeDiscount';
const maxCodeLength = 255;

/** Shopify's complaints about the text of one code, in its words. `path` is where the code stands. */
export function codeErrors(code: string | null, path: string[]): DiscountUserError[] {
  if (code === null) return [userError(path, "Code can't be blank", 'BLANK')];
  if (code === '') return [userError(path, 'Code is too short (minimum is 1 character)', 'TOO_SHORT')];
  if (/[\r\n]/.test(code)) return [userError(path, 'Code cannot contain newline characters.', 'INVALID')];
  if (code.length > maxCodeLength) {
    return [userError(path, `Code is too long (maximum is ${maxCodeLength} characters)`, 'TOO_LONG')];
  }
  return [];
}

/** Reads the input over what `before` says; errors are in the order in which Shopify lists them. */
export function readDiscountTerms(
  input: Args,
  before: DiscountTerms,
  { store, root }: { store: ShopStore; root: DiscountArgument },
): { terms: DiscountTerms; errors: DiscountUserError[] } {
  const errors: DiscountUserError[] = [];
  const terms: DiscountTerms = {
    ...before,
    title: textArg(input, 'title') ?? before.title,
    startsAt: instantArg(input, 'startsAt') ?? before.startsAt,
    endsAt: 'endsAt' in input ? instantArg(input, 'endsAt') : before.endsAt,
    usageLimit: 'usageLimit' in input ? numberArg(input, 'usageLimit') : before.usageLimit,
    appliesOncePerCustomer:
      typeof input['appliesOncePerCustomer'] === 'boolean'
        ? input['appliesOncePerCustomer']
        : before.appliesOncePerCustomer,
    combinesWith: { ...before.combinesWith, ...readCombinesWith(input) },
  };
  if (terms.title.trim() === '') errors.push(userError([root, 'title'], "Title can't be blank", 'BLANK'));
  if (terms.startsAt === '') errors.push(userError([root, 'startsAt'], "Starts at can't be blank", 'BLANK'));
  if (terms.endsAt !== null && terms.endsAt <= terms.startsAt) {
    errors.push(userError([root, 'endsAt'], 'Ends at needs to be after starts_at', 'INVALID'));
  }
  if (root === 'basicCodeDiscount') readValue(input, terms, store, errors);
  else readFreeShipping(input, terms, errors);
  readMinimum(input, terms, { currency: store.shop.currency, root, errors });
  readBuyers(input, terms, { store, root, errors });
  return { terms, errors };
}

function readFreeShipping(input: Args, terms: DiscountTerms, errors: DiscountUserError[]): void {
  terms.isFreeShipping = true;
  if (objectArg(objectArg(input, 'destination') ?? {}, 'countries')) throw notImitated('Free shipping to some countries');
  if (typeof input['maximumShippingPrice'] === 'string') throw notImitated('A maximum price of free shipping');
  if (terms.combinesWith.shippingDiscounts) {
    const message = 'The combinesWith settings are not valid for the discount class.';
    errors.push(userError(['freeShippingCodeDiscount', 'combinesWith'], message, 'INVALID_COMBINES_WITH_FOR_DISCOUNT_CLASS'));
  }
}

function readItems(gets: Args | null, terms: DiscountTerms, store: ShopStore, errors: DiscountUserError[]): void {
  const items = gets && objectArg(gets, 'items');
  if (!items) return;
  if (items['all'] === true) {
    terms.variantIds = [];
    return;
  }
  const products = objectArg(items, 'products');
  const added = products && listArg(products, 'productVariantsToAdd');
  if (!added || objectArg(items, 'collections') || listArg(products, 'productsToAdd')) throw notImitated('A discount on products or collections');
  const known = new Set([...store.products.values()].flatMap(({ variants }) => variants.map(({ id }) => id)));
  terms.variantIds = added.map((gid) => fromGid(String(gid), 'ProductVariant') ?? -1);
  const stranger = terms.variantIds.find((id) => !known.has(id));
  if (stranger === undefined) return;
  errors.push(userError([root, 'customerGets', 'items', 'products', 'productVariantsToAdd'], `Product variant with id: ${stranger} is invalid`, 'INVALID'));
}

const root = 'basicCodeDiscount';

function readValue(input: Args, terms: DiscountTerms, store: ShopStore, errors: DiscountUserError[]): void {
  const { currency } = store.shop;
  const gets = objectArg(input, 'customerGets');
  readItems(gets, terms, store, errors);
  const value = gets && objectArg(gets, 'value');
  const path = [root, 'customerGets', 'value'];
  if (!value) {
    if (terms.percentage === null && terms.amount === null) {
      errors.push(userError(path, 'Value must be present', 'BLANK'));
    }
    return;
  }
  if (Object.keys(value).length > 1) {
    throw badRequest('A discount can only have one of percentage, discountOnQuantity or discountAmount.');
  }
  const percentage = numberArg(value, 'percentage');
  const amount = objectArg(value, 'discountAmount');
  if (percentage !== null) {
    if (percentage <= 0 || percentage > 1) {
      errors.push(userError([...path, 'percentage'], 'Value must be between 0.0 and 1.0', 'VALUE_OUTSIDE_RANGE'));
    }
    terms.percentage = percentage;
    terms.amount = null;
  } else if (amount) {
    terms.amount = readMoney(textArg(amount, 'amount'), currency);
    terms.percentage = null;
    if (terms.amount.amountMinor <= 0) {
      // The wording is Shopify's own, upside down as it is.
      const message = 'Value must be less than or equal to 0';
      errors.push(userError([...path, 'discountAmount', 'amount'], message, 'LESS_THAN_OR_EQUAL_TO'));
    }
  } else {
    throw notImitated('A discount on quantity');
  }
}

interface Place {
  root: DiscountArgument;
  errors: DiscountUserError[];
}

function readMinimum(input: Args, terms: DiscountTerms, { currency, root, errors }: Place & { currency: string }): void {
  if (!('minimumRequirement' in input)) return;
  const requirement = objectArg(input, 'minimumRequirement');
  if (requirement && objectArg(requirement, 'quantity')) throw notImitated('A minimum quantity');
  const subtotal = requirement && objectArg(requirement, 'subtotal');
  const text = subtotal && textArg(subtotal, 'greaterThanOrEqualToSubtotal');
  terms.minimumSubtotal = text ? readMoney(text, currency) : null;
  if (terms.minimumSubtotal && terms.minimumSubtotal.amountMinor < 0) {
    const path = [root, 'minimumRequirement', 'subtotal', 'greaterThanOrEqualToSubtotal'];
    errors.push(userError(path, 'Minimum subtotal must be greater than or equal to 0', 'GREATER_THAN_OR_EQUAL_TO'));
  }
}

function readBuyers(input: Args, terms: DiscountTerms, { store, root, errors }: Place & { store: ShopStore }): void {
  const context = objectArg(input, 'context');
  const selection = objectArg(input, 'customerSelection');
  const name = context ? 'context' : 'customerSelection';
  const chosen = context ?? selection;
  if (!chosen) return;
  if (chosen['all'] !== undefined && chosen['all'] !== null) {
    terms.customerIds = [];
    return;
  }
  const customers = objectArg(chosen, 'customers');
  if (!customers) throw notImitated('A discount for segments or markets');
  const gids = (listArg(customers, 'add') ?? []).map(String);
  const ids = new Set(terms.customerIds);
  for (const gid of (listArg(customers, 'remove') ?? []).map(String)) ids.delete(fromGid(gid, 'Customer') ?? -1);
  for (const gid of gids) {
    const id = fromGid(gid, 'Customer');
    if (id !== null && store.customers.has(id)) ids.add(id);
    else
      errors.push(userError([root, name, 'customers', 'add'], `Customer with id: ${id ?? gid} is invalid`, 'INVALID'));
  }
  terms.customerIds = [...ids];
}

function readCombinesWith(input: Args): Partial<DiscountTerms['combinesWith']> {
  const given = objectArg(input, 'combinesWith') ?? {};
  const names = ['orderDiscounts', 'productDiscounts', 'shippingDiscounts'] as const;
  return Object.fromEntries(names.flatMap((name) => (typeof given[name] === 'boolean' ? [[name, given[name]]] : [])));
}

function instantArg(input: Args, name: string): string | null {
  const text = textArg(input, name);
  return text === null ? null : new Date(text).toISOString();
}

function readMoney(text: string | null, currency: string): SimMoney {
  const amountMinor = text === null ? null : parseDecimal(text, currency);
  if (amountMinor === null) throw badRequest(`"${text ?? ''}" is not an amount in ${currency}.`);
  return { amountMinor, currency };
}
