import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import {
  buildClientSchema,
  getNamedType,
  GraphQLError,
  isEnumType,
  isScalarType,
  Kind,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';

/** What Shopify's table says that a type or field needs. Any one of the scopes is enough. */
export interface AccessRequirement {
  scopes: readonly string[];
  /** `` `read_orders` access scope. `` */
  text: string;
}

export interface AdminSchema {
  schema: GraphQLSchema;
  /** Requirement of reading a field: its own, or that of the type it gives. */
  requirementOf(typeName: string, fieldName: string): AccessRequirement | undefined;
}

interface ScopeItem {
  typeName: string;
  fieldName?: string;
  requiredAccess: string;
  offlineScopes: string[];
}

let loaded: AdminSchema | undefined;

/** The true 2026-10 Admin schema, parsed on first use (about 0.4 s) and kept. */
export function adminSchema(): AdminSchema {
  loaded ??= loadAdminSchema();
  return loaded;
}

function loadAdminSchema(): AdminSchema {
  const file = new URL('schema/admin-2026-10.json.gz', import.meta.url);
  const { data, offline_scopes: table } = parseSchemaFile(gunzipSync(readFileSync(file)).toString('utf8'));
  const schema = buildClientSchema(data, { assumeValid: true });
  checkScalars(schema);

  const requirements = new Map<string, AccessRequirement>();
  for (const item of table.items) {
    if (item.offlineScopes.length === 0) continue;
    const key = item.fieldName === undefined ? item.typeName : `${item.typeName}.${item.fieldName}`;
    requirements.set(key, { scopes: item.offlineScopes, text: item.requiredAccess });
  }
  const known = new Map<string, AccessRequirement | undefined>();
  return {
    schema,
    requirementOf(typeName, fieldName) {
      const key = `${typeName}.${fieldName}`;
      if (!known.has(key)) known.set(key, requirements.get(key) ?? requirementOfResult(typeName, fieldName));
      return known.get(key);
    },
  };

  function requirementOfResult(typeName: string, fieldName: string): AccessRequirement | undefined {
    const type = schema.getType(typeName);
    const field = type && 'getFields' in type ? type.getFields()[fieldName] : undefined;
    if (!field || !('args' in field) || isRootMutation(typeName)) return undefined;
    const result = getNamedType(field.type).name;
    return requirements.get(result) ?? requirements.get(result.replace(/(Connection|Edge)$/, ''));
  }

  function isRootMutation(typeName: string): boolean {
    return typeName === schema.getMutationType()?.name;
  }
}

/** The file is Shopify's, pinned here and described in its NOTICE, so its shape is taken as given. */
function parseSchemaFile(text: string): { data: IntrospectionQuery; offline_scopes: { items: ScopeItem[] } } {
  return JSON.parse(text) as { data: IntrospectionQuery; offline_scopes: { items: ScopeItem[] } };
}

/** buildClientSchema lets every custom scalar through; the ones that we rely on are checked both ways. */
function checkScalars(schema: GraphQLSchema): void {
  check(
    schema,
    'DateTime',
    (value) => !Number.isNaN(Date.parse(value)) && /^\d{4}-\d\d-\d\d/.test(value),
    (value) =>
      // Shopify answers whole seconds.
      new Date(value).toISOString().replace(/\.\d{3}Z$/, 'Z'),
  );
  check(schema, 'Decimal', (value) => /^-?\d+(\.\d+)?$/.test(value));
  check(schema, 'Money', (value) => /^-?\d+(\.\d+)?$/.test(value));
  check(schema, 'URL', (value) => URL.canParse(value));
  check(schema, 'UnsignedInt64', (value) => /^\d+$/.test(value));
  for (const name of ['OrderDisplayFinancialStatus', 'OrderDisplayFulfillmentStatus']) {
    const type = schema.getType(name);
    // A status that Shopify might invent tomorrow can be planted in a store, so these two say what they are given.
    if (isEnumType(type)) type.serialize = (value: unknown) => String(value);
  }
}

function check(
  schema: GraphQLSchema,
  name: string,
  isValid: (text: string) => boolean,
  print: (text: string) => string = (text) => text,
): void {
  const type = schema.getType(name);
  if (!isScalarType(type)) throw new Error(`The Admin schema has no scalar ${name}.`);
  const parse = (value: unknown): string => {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || !isValid(text)) {
      throw new GraphQLError(`invalid ${name.toLowerCase()} '${String(value)}'`);
    }
    return text;
  };
  type.parseValue = parse;
  type.parseLiteral = (node) =>
    parse(node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT ? node.value : null);
  type.serialize = (value: unknown) => print(parse(value));
}
