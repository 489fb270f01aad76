import { GraphQLError } from 'graphql';

import { fromGid, gidType, toGid } from '../../global-id.ts';
import type { SimMetafield, SimMetafieldDefinition } from '../../state.ts';
import { listArg, notImitated, objectArg, resolversOf, textArg, type AdminContext, type Args, type ResolverMap } from '../resolver.ts';
import { findCustomer } from '../visible-records.ts';
import { requireWriteCustomers } from './tag-mutations.ts';

const MOST_AT_ONCE = 25;

/** Whose metafields are imitated: customers', and those of the app's own installation, for which no scope is needed. */
interface Owner {
  metafields: readonly SimMetafield[];
  /** Nobody is told, so that nobody could know of a later time. */
  keep(metafields: SimMetafield[]): void;
}

function findOwner(ownerId: string, { store, platform }: AdminContext): Owner | null {
  if (gidType(ownerId) === 'AppInstallation') {
    const isOwn = platform.grants.installation(store.domain)?.id === fromGid(ownerId, 'AppInstallation');
    const { appMetafields = [] } = store.shop;
    return isOwn ? { metafields: appMetafields, keep: (kept) => store.save('shop', { ...store.shop, appMetafields: kept }) } : null;
  }
  const customer = findCustomer(fromGid(ownerId, 'Customer'), store);
  return customer && { metafields: customer.metafields ?? [], keep: (metafields) => store.save('customer', { ...customer, metafields }) };
}

export const metafieldMutations = resolversOf<unknown>({
  metafieldsSet: (_source, args, context) => setMetafields(args, context),
  metafieldsDelete: (_source, args, context) => deleteMetafields(args, context),
  metafieldDefinitionCreate: (_source, args, context) => createDefinition(args, context),
  metafieldDefinitionDelete: (_source, args, context) => deleteDefinition(args, context),
});

export const metafieldResolvers: ResolverMap = {
  Metafield: resolversOf<SimMetafield>({ id: ({ id }) => toGid('Metafield', id) }),
  MetafieldDefinition: resolversOf<SimMetafieldDefinition>({ id: ({ id }) => toGid('MetafieldDefinition', id) }),
};

/** `$app`, `$app:more` and nothing at all are namespaces of the app that asks. */
export function namespaceOf(text: string | null, { platform }: AdminContext): string {
  const own = `app--${platform.app.clientId}`;
  if (text === null || text === '$app') return own;
  return text.startsWith('$app:') ? `${own}--${text.slice('$app:'.length)}` : text;
}

interface Entry {
  ownerId: string;
  namespace: string;
  key: string;
  type: string | null;
  value: string;
}

function entriesOf(args: Args, context: AdminContext): Entry[] {
  const entries = (listArg(args, 'metafields') ?? []).map((one) => objectArg({ one }, 'one') ?? {});
  if (entries.length > MOST_AT_ONCE) {
    const message = `The input array size of ${entries.length} is greater than the maximum allowed of ${MOST_AT_ONCE}.`;
    throw new GraphQLError(message, { extensions: { code: 'MAX_INPUT_SIZE_EXCEEDED' } });
  }
  return entries.map((entry) => ({
    ownerId: textArg(entry, 'ownerId') ?? '',
    namespace: namespaceOf(textArg(entry, 'namespace'), context),
    key: textArg(entry, 'key') ?? '',
    type: textArg(entry, 'type'),
    value: textArg(entry, 'value') ?? '',
  }));
}

/** All or nothing, as it is there. */
function setMetafields(args: Args, context: AdminContext): unknown {
  const entries = entriesOf(args, context);
  requireOwners('metafieldsSet', entries, context);
  const userErrors = entries.flatMap((entry, index) => problemsOf(entry, context).map(({ field, message, code }) => ({ field: ['metafields', String(index), field], message, code, elementIndex: null })));
  if (userErrors.length > 0) return { metafields: [], userErrors };
  const metafields = entries.map((entry) => setMetafield(entry, context));
  return { metafields, userErrors: [] };
}

function problemsOf({ ownerId, namespace, key, type, value }: Entry, context: AdminContext): { field: string; message: string; code: string }[] {
  if (!findOwner(ownerId, context)) return [{ field: 'ownerId', message: 'Owner does not exist.', code: 'INVALID_VALUE' }];
  if (!/^[\w-]{2,64}$/.test(key)) return [{ field: 'key', message: 'Key is invalid', code: 'INVALID' }];
  const definition = findDefinition(namespace, key, context);
  const known = type ?? definition?.type ?? null;
  if (known === null) return [{ field: 'type', message: "Type can't be blank", code: 'BLANK' }];
  if (definition && known !== definition.type) return [{ field: 'type', message: `Type must be consistent with the definition's type: ${definition.type}.`, code: 'INVALID_TYPE' }];
  if (PATTERNS[known]?.test(value) === false) return [{ field: 'value', message: `Value is no ${known}.`, code: 'INVALID_VALUE' }];
  return [];
}

/** Of the types that the app uses. */
const PATTERNS: Readonly<Record<string, RegExp>> = {
  boolean: /^(true|false)$/,
  number_integer: /^-?\d{1,16}$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  single_line_text_field: /^[^\n]+$/,
  json: /^(\{.*\}|\[.*\])$/s,
};

function setMetafield({ ownerId, namespace, key, type, value }: Entry, context: AdminContext): SimMetafield {
  const owner = findOwner(ownerId, context);
  if (!owner) throw new Error('its owner was there a moment ago');
  const others = owner.metafields.filter((known) => known.namespace !== namespace || known.key !== key);
  const before = owner.metafields.find((known) => !others.includes(known));
  const metafield = { ...before, id: before?.id ?? context.store.nextId(), namespace, key, type: type ?? findDefinition(namespace, key, context)?.type ?? '', value };
  owner.keep([...others, metafield]);
  return metafield;
}

/** All or nothing. The Admin API documents no codes here; the words are those of `CANNOT_DELETE_DUE_TO_OWNER` for setting. */
function deleteMetafields(args: Args, context: AdminContext): unknown {
  const entries = entriesOf(args, context);
  requireOwners('metafieldsDelete', entries, context);
  const userErrors = entries.flatMap(({ ownerId, namespace, key }, index) => {
    const isKept = findOwner(ownerId, context)?.metafields.some((known) => known.namespace === namespace && known.key === key && known.isKept);
    return isKept ? [{ field: ['metafields', String(index)], message: "The metafield can't be deleted due to owner." }] : [];
  });
  if (userErrors.length > 0) return { deletedMetafields: [], userErrors };
  const deletedMetafields = entries.map(({ ownerId, namespace, key }) => {
    const owner = findOwner(ownerId, context);
    const left = (owner?.metafields ?? []).filter((known) => known.namespace !== namespace || known.key !== key);
    // What is not there is no error: null stands for it.
    if (!owner || left.length === owner.metafields.length) return null;
    owner.keep(left);
    return { ownerId, namespace, key };
  });
  return { deletedMetafields, userErrors: [] };
}

function requireOwners(field: string, entries: readonly Entry[], context: AdminContext): void {
  const types = new Set(entries.map(({ ownerId }) => gidType(ownerId)));
  const other = entries.find(({ ownerId }) => !['Customer', 'AppInstallation'].includes(gidType(ownerId) ?? ''));
  if (other) throw notImitated(`${field} for ${other.ownerId}`);
  if (types.has('Customer') || types.size === 0) requireWriteCustomers(field, context);
}

function findDefinition(namespace: string, key: string, { store }: AdminContext): SimMetafieldDefinition | null {
  const found = [...store.metafieldDefinitions.values()].find((known) => !known.isDeleted && known.namespace === namespace && known.key === key);
  return found ?? null;
}

function createDefinition(args: Args, context: AdminContext): unknown {
  const input = objectArg(args, 'definition') ?? {};
  const [namespace, key] = [namespaceOf(textArg(input, 'namespace'), context), textArg(input, 'key') ?? ''];
  if (textArg(input, 'ownerType') !== 'CUSTOMER') throw notImitated('metafieldDefinitionCreate for others than customers');
  requireWriteCustomers('metafieldDefinitionCreate', context);
  const refuse = (field: string, code: string, message: string): unknown => ({
    createdDefinition: null,
    userErrors: [{ field: ['definition', field], code, message, elementIndex: null, elementKey: null }],
  });
  if (!/^[\w-]{2,64}$/.test(key)) return refuse('key', 'INVALID', 'Key is invalid');
  const name = textArg(input, 'name') ?? '';
  if (name.trim() === '' || name.length > 255) return refuse('name', name.trim() === '' ? 'BLANK' : 'TOO_LONG', 'Name is invalid');
  if (findDefinition(namespace, key, context)) return refuse('key', 'TAKEN', `Key is in use for Customer metafields on the '${namespace}' namespace.`);
  const definition = { id: context.store.nextId(), namespace, key, name, type: textArg(input, 'type') ?? '', access: accessOf(input), isDeleted: false };
  context.store.save('metafieldDefinition', definition);
  return { createdDefinition: definition, userErrors: [] };
}

function accessOf(input: Args): SimMetafieldDefinition['access'] {
  const access = objectArg(input, 'access') ?? {};
  return { storefront: textArg(access, 'storefront') ?? 'NONE', customerAccount: textArg(access, 'customerAccount') ?? 'NONE' };
}

/** With the values, at once; there it takes a moment. */
function deleteDefinition(args: Args, context: AdminContext): unknown {
  const identifier = objectArg(args, 'identifier') ?? {};
  requireWriteCustomers('metafieldDefinitionDelete', context);
  const [namespace, key] = [namespaceOf(textArg(identifier, 'namespace'), context), textArg(identifier, 'key') ?? ''];
  const definition = findDefinition(namespace, key, context);
  if (!definition) {
    const userErrors = [{ field: ['id'], code: 'NOT_FOUND', message: 'Definition not found.' }];
    return { deletedDefinitionId: null, deletedDefinition: null, userErrors };
  }
  context.store.save('metafieldDefinition', { ...definition, isDeleted: true });
  for (const customer of context.store.customers.values()) {
    const left = (customer.metafields ?? []).filter((known) => known.namespace !== namespace || known.key !== key);
    if (left.length < (customer.metafields ?? []).length) context.store.save('customer', { ...customer, metafields: left });
  }
  return { deletedDefinitionId: toGid('MetafieldDefinition', definition.id), deletedDefinition: { namespace, key, ownerType: 'CUSTOMER' }, userErrors: [] };
}
