import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import type { GraphQLOutputType } from 'graphql';
import { buildClientSchema, getNamedType, parse, print, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';

const DOCUMENTS = 'app/adapters/shopify/documents';
const SCHEMA = 'test/simulator/admin-graphql/schema/admin-2026-10.json.gz';

/** What a topic needs, by the first part of its name. https://shopify.dev/docs/api/webhooks */
const SCOPES_OF_TOPICS: Readonly<Record<string, string>> = { orders: 'read_orders', customers: 'read_customers' };

/** Asked for although no field demands it: without it Shopify shows the last 60 days, and retention is about years. */
const KNOWINGLY = ['read_all_orders'];

interface Requirement {
  typeName: string;
  fieldName?: string;
  offlineScopes: string[];
}

function readSchema() {
  const file = JSON.parse(gunzipSync(readFileSync(SCHEMA)).toString('utf8'));
  const items: Requirement[] = file.offline_scopes.items;
  const demands = new Map(
    items.filter((item) => item.offlineScopes.length > 0).map((item) => [keyOf(item.typeName, item.fieldName), item]),
  );
  return { schema: buildClientSchema(file.data), demands };
}

function keyOf(typeName: string, fieldName: string | undefined): string {
  return fieldName === undefined ? typeName : `${typeName}.${fieldName}`;
}

/** The alternatives of each demand that our documents meet: one scope of each list must be granted. */
function demandsOfDocuments(): Map<string, string[]> {
  const { schema, demands } = readSchema();
  const sources = readdirSync(DOCUMENTS).sort();
  const whole = parse(sources.map((file) => print(parse(readFileSync(`${DOCUMENTS}/${file}`, 'utf8')))).join('\n'));
  const met = new Map<string, string[]>();
  const note = (key: string) => {
    const demand = demands.get(key);
    if (demand) met.set(key, demand.offlineScopes);
  };
  const types = new TypeInfo(schema);
  visit(
    whole,
    visitWithTypeInfo(types, {
      Field() {
        const parent = types.getParentType();
        const field = types.getFieldDef();
        if (parent && field) note(keyOf(parent.name, field.name));
        const output: GraphQLOutputType | null | undefined = types.getType();
        if (output) note(getNamedType(output).name);
      },
    }),
  );
  return met;
}

function readToml(): { scopes: string[]; topics: string[] } {
  const toml: unknown = parseToml(readFileSync('shopify.app.toml', 'utf8'));
  const scopes = String(Reflect.get(Object(Reflect.get(Object(toml), 'access_scopes')), 'scopes'));
  const subscriptions: unknown = Reflect.get(Object(Reflect.get(Object(toml), 'webhooks')), 'subscriptions');
  const topics = Array.isArray(subscriptions)
    ? subscriptions.flatMap((entry) => Reflect.get(Object(entry), 'topics') ?? [])
    : [];
  return { scopes: scopes.split(','), topics: topics.map(String) };
}

const { scopes, topics } = readToml();
const granted = new Set([...scopes, ...scopes.map((scope) => scope.replace(/^write_/, 'read_'))]);
const demands = demandsOfDocuments();
const neededByTopics = topics.flatMap((topic) => SCOPES_OF_TOPICS[topic.split('/')[0] ?? ''] ?? []);

describe('the access scopes of shopify.app.toml', () => {
  it('let every field of our documents through', () => {
    const refused = [...demands].filter(([, alternatives]) => !alternatives.some((scope) => granted.has(scope)));
    expect(refused).toEqual([]);
  });

  it('let every webhook through', () => {
    expect(neededByTopics.filter((scope) => !granted.has(scope))).toEqual([]);
  });

  it('hold nothing that could be left out', () => {
    const superfluous = scopes.filter((scope) => {
      if (KNOWINGLY.includes(scope)) return false;
      const others = scopes.filter((other) => other !== scope);
      const without = new Set([...others, ...others.map((other) => other.replace(/^write_/, 'read_'))]);
      const isMissed =
        [...demands.values()].some((alternatives) => !alternatives.some((other) => without.has(other))) ||
        neededByTopics.some((other) => !without.has(other));
      return !isMissed;
    });
    expect(superfluous).toEqual([]);
  });

  it('are written in the order of the alphabet, so that a change is one line', () => {
    expect(scopes).toEqual([...scopes].sort());
  });
});
