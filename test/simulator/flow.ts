import { createHmac, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'smol-toml';

/** A trigger or an action of the app, as its `shopify.extension.toml` tells Shopify Flow of it. */
export interface FlowExtension {
  type: 'flow_trigger' | 'flow_action';
  handle: string;
  name: string;
  /** Of an action, as written: a path below the app's address, or an absolute URL. */
  runtimeUrl: string | null;
  /** Names of the properties, as they are sent. */
  fields: { name: string; type: string; isRequired: boolean }[];
}

/** What the app told Flow. */
export interface ReceivedTrigger {
  shop: string;
  handle: string;
  payload: Record<string, unknown>;
  at: string;
}

export interface ActionRun {
  shop: string;
  handle: string;
  properties: Record<string, unknown>;
  /** The same for each attempt of one run. */
  runId?: string;
  /** Of the step in the workflow. */
  stepReference?: string;
}

export interface ActionAnswer {
  runId: string;
  status: number;
  body: unknown;
}

interface FlowOptions {
  extensions: readonly FlowExtension[];
  app: { clientSecret: string; publicUrl: string };
  shopIdOf(shop: string): number;
  now(): Date;
}

/** Shopify Flow, of which there are no workflows: it keeps what it is told, and runs an action when somebody says so. */
export class Flow {
  readonly received: ReceivedTrigger[] = [];
  readonly #options: FlowOptions;

  constructor(options: FlowOptions) {
    this.#options = options;
  }

  get extensions(): readonly FlowExtension[] {
    return this.#options.extensions;
  }

  /** @returns what is wrong with it; empty when it was taken */
  receive(shop: string, handle: string, payload: Record<string, unknown>): string[] {
    const trigger = this.#find('flow_trigger', handle);
    if (!trigger) return [`Errors validating schema: Trigger '${handle}' does not exist.`];
    const names = trigger.fields.map(({ name }) => name);
    const unknown = Object.keys(payload).filter((name) => !names.includes(name));
    const missing = names.filter((name) => payload[name] === undefined || payload[name] === null);
    const wrong = trigger.fields.filter(({ name, type }) => payload[name] !== undefined && !isOfType(payload[name], type)).map(({ name }) => name);
    if (unknown.length + missing.length + wrong.length > 0) return [`Errors validating schema: ${[...unknown, ...missing, ...wrong].join(', ')}`];
    this.received.push({ shop, handle, payload, at: this.#options.now().toISOString() });
    return [];
  }

  /** One request, signed as Shopify signs it. Flow would send it again after 429 and 5xx, with the same run's id. */
  async runAction({ shop, handle, properties, runId = randomUUID(), stepReference = randomUUID() }: ActionRun): Promise<ActionAnswer> {
    const action = this.#find('flow_action', handle);
    if (!action) throw new Error(`no action ${handle}`);
    const { app, shopIdOf } = this.#options;
    const body = JSON.stringify({
      shop_id: shopIdOf(shop),
      shopify_domain: shop,
      action_run_id: runId,
      action_definition_id: handle,
      handle,
      properties,
      step_reference: stepReference,
    });
    const response = await fetch(new URL(action.runtimeUrl ?? '', `${app.publicUrl}/`), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Shopify-Hmac-Sha256': signFlowBody(body, app.clientSecret) },
      body,
    });
    const text = await response.text();
    return { runId, status: response.status, body: text === '' ? null : JSON.parse(text) };
  }

  #find(type: FlowExtension['type'], handle: string): FlowExtension | undefined {
    return this.#options.extensions.find((known) => known.type === type && known.handle === handle);
  }
}

export function signFlowBody(body: string, clientSecret: string): string {
  return createHmac('sha256', clientSecret).update(body).digest('base64');
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'number_decimal' || type === 'customer_reference') return typeof value === 'number';
  return typeof value === 'string';
}

/** Of all folders in `extensions/` beside the app's toml. */
export function loadFlowExtensions(tomlPath: string): FlowExtension[] {
  const folder = join(dirname(tomlPath), 'extensions');
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return [];
    const text = readText(join(folder, entry.name, 'shopify.extension.toml'));
    return text === null ? [] : parseFlowExtension(text);
  });
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** None where the extension is of another type. */
export function parseFlowExtension(text: string): FlowExtension[] {
  const toml: unknown = parse(text);
  const fields = listOf(valueOf(valueOf(toml, 'settings'), 'fields'));
  return listOf(valueOf(toml, 'extensions')).flatMap((extension) => {
    const type = valueOf(extension, 'type');
    if (type !== 'flow_trigger' && type !== 'flow_action') return [];
    return [
      {
        type,
        handle: textOf(extension, 'handle') ?? '',
        name: textOf(extension, 'name') ?? '',
        runtimeUrl: textOf(extension, 'runtime_url'),
        fields: fields.map(readField),
      },
    ];
  });
}

/** A reference is sent as the number of what it names. */
function readField(field: unknown): FlowExtension['fields'][number] {
  const type = textOf(field, 'type') ?? '';
  const name = type.endsWith('_reference') ? type.replace('_reference', '_id') : (textOf(field, 'key') ?? '');
  return { name, type, isRequired: valueOf(field, 'required') === true };
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown, key: string): string | null {
  const inner = valueOf(value, key);
  return typeof inner === 'string' ? inner : null;
}

function valueOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
