import { readFile } from 'node:fs/promises';
import { parse } from 'smol-toml';

/** One subscription of `shopify.app.toml`, for one topic. */
export interface TomlSubscription {
  /** `orders/create` */
  topic: string;
  /** As written: a path below the app's address, or an absolute URL. */
  uri: string;
  includeFields: string[] | null;
  filter: string | null;
  name: string | null;
  isCompliance: boolean;
}

export interface AppProxy {
  /** A path below the app's address, or an absolute URL. */
  url: string;
  prefix: string;
  subpath: string;
}

/** What the Partner Dashboard would learn from `shopify app deploy`. */
export interface AppConfig {
  scopes: string[];
  webhookApiVersion: string;
  subscriptions: TomlSubscription[];
  appProxy: AppProxy | null;
}

export const emptyAppConfig: AppConfig = {
  scopes: [],
  webhookApiVersion: '2026-10',
  subscriptions: [],
  appProxy: null,
};

export async function loadAppConfig(path: string): Promise<AppConfig> {
  return parseAppConfig(await readFile(path, 'utf8'));
}

/** @throws when the text is not TOML. Sections that are absent are empty. */
export function parseAppConfig(text: string): AppConfig {
  const toml: unknown = parse(text);
  const webhooks = table(toml, 'webhooks');
  const proxy = table(toml, 'app_proxy');
  return {
    scopes: splitScopes(textOf(table(toml, 'access_scopes'), 'scopes') ?? ''),
    webhookApiVersion: textOf(webhooks, 'api_version') ?? emptyAppConfig.webhookApiVersion,
    subscriptions: list(webhooks, 'subscriptions').flatMap(readSubscription),
    appProxy:
      proxy === null
        ? null
        : {
            url: textOf(proxy, 'url') ?? '/',
            prefix: textOf(proxy, 'prefix') ?? 'apps',
            subpath: textOf(proxy, 'subpath') ?? '',
          },
  };
}

export function splitScopes(text: string): string[] {
  return text
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '');
}

function readSubscription(entry: unknown): TomlSubscription[] {
  const uri = textOf(entry, 'uri') ?? '';
  const shape = (topic: string, isCompliance: boolean): TomlSubscription => ({
    topic,
    uri,
    includeFields: isCompliance ? null : texts(entry, 'include_fields'),
    filter: isCompliance ? null : textOf(entry, 'filter'),
    name: textOf(entry, 'name'),
    isCompliance,
  });
  return [
    ...(texts(entry, 'topics') ?? []).map((topic) => shape(topic, false)),
    ...(texts(entry, 'compliance_topics') ?? []).map((topic) => shape(topic, true)),
  ];
}

function table(value: unknown, key: string): object | null {
  const inner = property(value, key);
  return typeof inner === 'object' && inner !== null ? inner : null;
}

function list(value: unknown, key: string): unknown[] {
  const inner = property(value, key);
  return Array.isArray(inner) ? inner : [];
}

function texts(value: unknown, key: string): string[] | null {
  const inner = property(value, key);
  return Array.isArray(inner) ? inner.filter((item): item is string => typeof item === 'string') : null;
}

function textOf(value: unknown, key: string): string | null {
  const inner = property(value, key);
  return typeof inner === 'string' ? inner : null;
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
