import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parse } from 'smol-toml';

export interface ExtensionTarget {
  /** `purchase.thank-you.block.render` */
  target: string;
  /** Absolute path of the module whose default export renders the target. */
  modulePath: string;
}

/** One UI extension of the app, as its `shopify.extension.toml` declares it. */
export interface UiExtension {
  handle: string;
  name: string;
  apiVersion: string;
  folder: string;
  targets: ExtensionTarget[];
}

/** Reads every UI extension below `extensionsFolder`; a folder without a toml is none yet and is passed over. */
export async function readExtensions(extensionsFolder: string): Promise<UiExtension[]> {
  const folders = await readdir(extensionsFolder, { withFileTypes: true }).catch(() => []);
  const found: UiExtension[] = [];
  for (const folder of folders.filter((entry) => entry.isDirectory())) {
    const path = join(extensionsFolder, folder.name);
    const toml = await readFile(join(path, 'shopify.extension.toml'), 'utf8').catch(() => undefined);
    if (toml !== undefined) found.push(...parseExtensions(toml, path));
  }
  return found;
}

function parseExtensions(toml: string, folder: string): UiExtension[] {
  const document: unknown = parse(toml);
  const apiVersion = textOf(fieldOf(document, 'api_version'));
  return listOf(fieldOf(document, 'extensions'))
    .filter((extension) => fieldOf(extension, 'type') === 'ui_extension')
    .map((extension) => ({
      handle: textOf(fieldOf(extension, 'handle')),
      name: textOf(fieldOf(extension, 'name')),
      apiVersion: textOf(fieldOf(extension, 'api_version')) || apiVersion,
      folder,
      targets: listOf(fieldOf(extension, 'targeting')).map((targeting) => ({
        target: textOf(fieldOf(targeting, 'target')),
        modulePath: join(folder, textOf(fieldOf(targeting, 'module'))),
      })),
    }));
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
