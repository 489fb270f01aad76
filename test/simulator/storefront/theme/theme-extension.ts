import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Liquid } from 'liquidjs';
import { parse } from 'smol-toml';

/** A theme app extension, as it lies in its folder. */
export interface ThemeExtension {
  handle: string;
  folder: string;
}

/** The settings of an app embed's schema, by their defaults, and where in the page it goes. */
interface BlockSchema {
  target?: string;
  stylesheet?: string;
  settings?: { id?: string; default?: unknown }[];
}

const SCHEMA = /\{%-?\s*schema\s*-?%\}([\s\S]*?)\{%-?\s*endschema\s*-?%\}/;
const DOC = /\{%-?\s*doc\s*-?%\}[\s\S]*?\{%-?\s*enddoc\s*-?%\}/g;

export async function readThemeExtensions(extensionsFolder: string): Promise<ThemeExtension[]> {
  const found: ThemeExtension[] = [];
  for (const entry of await readdir(extensionsFolder, { withFileTypes: true }).catch(() => [])) {
    const folder = join(extensionsFolder, entry.name);
    const toml = await readFile(join(folder, 'shopify.extension.toml'), 'utf8').catch(() => null);
    const read: Record<string, unknown> = toml === null ? {} : parse(toml);
    if (read['type'] === 'theme') found.push({ handle: String(read['handle']), folder });
  }
  return found;
}

/** What Liquid knows of the page; the names are Shopify's. */
export interface ThemePage {
  locale: string;
  /** `customer`, `request`, `routes`, `cart` */
  objects: Record<string, unknown>;
}

/** The app's blocks of one target, rendered with the settings that a merchant finds there first. */
export async function renderBlocks({ handle, folder }: ThemeExtension, target: 'body' | 'section', page: ThemePage): Promise<string> {
  const engine = await engineOf(folder, handle, page.locale);
  const rendered: string[] = [];
  for (const file of (await readdir(join(folder, 'blocks'))).sort()) {
    const source = await readFile(join(folder, 'blocks', file), 'utf8');
    const schema: BlockSchema = JSON.parse(SCHEMA.exec(source)?.[1] ?? '{}');
    if (schema.target !== target) continue;
    const settings = Object.fromEntries((schema.settings ?? []).map(({ id = '', default: first }) => [id, first]));
    const style = schema.stylesheet === undefined ? '' : `<link rel="stylesheet" href="${assetUrl(handle, schema.stylesheet)}" />`;
    const scope = { ...page.objects, block: { settings, shopify_attributes: '' } };
    rendered.push(style + (await engine.parseAndRender(source.replace(SCHEMA, ''), scope, { globals: scope })));
  }
  return rendered.join('\n');
}

function assetUrl(handle: string, file: string): string {
  return `/storefront/theme/${handle}/${file}`;
}

async function engineOf(folder: string, handle: string, locale: string): Promise<Liquid> {
  const texts = await readTexts(folder, locale);
  const snippets = await readdir(join(folder, 'snippets'));
  const templates = Object.fromEntries(
    await Promise.all(snippets.map(async (file) => [file.replace('.liquid', ''), (await readFile(join(folder, 'snippets', file), 'utf8')).replace(DOC, '')])),
  );
  const engine = new Liquid({ templates });
  engine.registerFilter('asset_url', (file: string) => assetUrl(handle, file));
  engine.registerFilter('t', (key: string, ...replacements: [string, unknown][]) =>
    replacements.reduce((text, [name, value]) => text.replaceAll(`{{ ${name} }}`, String(value)), textOf(texts, key)),
  );
  return engine;
}

/** The page's language, else the language without its country, else the extension's own. */
async function readTexts(folder: string, locale: string): Promise<unknown[]> {
  const names = [`${locale}.json`, `${locale.split('-')[0] ?? ''}.json`, 'en.default.json'];
  const files = await Promise.all(names.map((name) => readFile(join(folder, 'locales', name), 'utf8').catch(() => '{}')));
  return files.map((file): unknown => JSON.parse(file));
}

/** As Shopify, which shows a missing one instead of hiding it. */
function textOf(texts: readonly unknown[], key: string): string {
  for (const language of texts) {
    let found: unknown = language;
    for (const part of key.split('.')) found = typeof found === 'object' && found !== null ? Reflect.get(found, part) : undefined;
    if (typeof found === 'string') return found;
  }
  return `translation missing: ${key}`;
}
