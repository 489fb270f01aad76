import { existsSync, readFileSync } from 'node:fs';

import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';

const text = readFileSync('shopify.app.toml', 'utf8');
const toml: unknown = parse(text);

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((current, key) => Reflect.get(Object(current), key), value);
}

interface Subscription {
  uri: string;
  topics: string[];
  handler: string | undefined;
}

/** Each subscription with the file that the comment above it names. */
function subscriptions(): Subscription[] {
  const handlers = [...text.matchAll(/^# Handled by: (\S+)\n\[\[webhooks\.subscriptions\]\]$/gm)].map(([, file]) => file);
  const listed: unknown = at(toml, 'webhooks', 'subscriptions');
  return (Array.isArray(listed) ? listed : []).map((entry, index) => ({
    uri: String(at(entry, 'uri')),
    topics: [at(entry, 'topics'), at(entry, 'compliance_topics')].flat().filter((topic) => topic !== undefined).map(String),
    handler: handlers[index],
  }));
}

describe('shopify.app.toml', () => {
  it('names the file that handles each webhook', () => {
    for (const { uri, handler } of subscriptions()) {
      expect(handler).toBe(`app/routes${uri.replaceAll('/', '.').replace('.webhooks', '/webhooks')}.ts`);
      expect(existsSync(handler ?? '')).toBe(true);
    }
  });

  it('hears of everything that Perennial keeps, and of what a shop may demand', () => {
    expect(subscriptions().flatMap(({ topics }) => topics).sort()).toEqual([
      'app/scopes_update',
      'app/uninstalled',
      'bulk_operations/finish',
      'customer_account_settings/update',
      'customers/create',
      'customers/data_request',
      'customers/delete',
      'customers/merge',
      'customers/redact',
      'customers/update',
      'orders/create',
      'orders/delete',
      'orders/updated',
      'shop/redact',
      'shop/update',
    ]);
  });

  it('speaks one version of the Admin API with the code', () => {
    const code = readFileSync('app/adapters/shopify/admin-api.server.ts', 'utf8');
    expect(code).toContain(`ADMIN_API_VERSION = '${String(at(toml, 'webhooks', 'api_version'))}'`);
  });

  it('lets no personal data of an order or a customer through a webhook that only says what changed', () => {
    const listed: unknown = at(toml, 'webhooks', 'subscriptions');
    const fields = (Array.isArray(listed) ? listed : [])
      .filter((entry) => /orders|customers/.test(String(at(entry, 'topics'))) && !String(at(entry, 'topics')).includes('merge'))
      .map((entry) => at(entry, 'include_fields'));
    expect(fields).toEqual([
      ['id', 'admin_graphql_api_id', 'updated_at'],
      ['id', 'admin_graphql_api_id', 'updated_at'],
    ]);
  });
});
