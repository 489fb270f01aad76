import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import { adminResolvers } from '../admin-graphql/resolvers/admin-resolvers.ts';
import { adminSchema } from '../admin-graphql/schema.ts';
import type { BulkFault } from '../faults/fault-rules.ts';
import { toGid } from '../global-id.ts';
import type { Journal } from '../journal.ts';
import type { Platform } from '../platform.ts';
import type { ShopStore } from '../shop-store.ts';
import { bulkFileAddress } from './bulk-file-address.ts';
import { writeBulkLines } from './bulk-lines.ts';
import { compilePlan, type FoundConnection } from './bulk-plan.ts';
import { validateBulkQuery, type BulkUserError } from './bulk-validator.ts';

export type BulkStatus = 'CREATED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELING' | 'CANCELED' | 'EXPIRED';

export interface BulkOperation {
  id: number;
  shop: string;
  status: BulkStatus;
  errorCode: 'ACCESS_DENIED' | 'INTERNAL_SERVER_ERROR' | 'TIMEOUT' | null;
  createdAt: string;
  completedAt: string | null;
  objectCount: number;
  rootObjectCount: number;
  /** Null until the file is finished, as live responses show. */
  fileSize: number | null;
  query: string;
  groupObjects: boolean;
  scopes: string[];
  /** What was written before it failed can be had. */
  hasPartialFile?: boolean;
  /** Completed, and without an address all the same. */
  isWithoutUrl?: boolean;
}

export interface BulkAnswer {
  bulkOperation: BulkOperation | null;
  userErrors: BulkUserError[];
}

export interface BulkOptions {
  journal: Journal | null;
  directory: string;
  /** For a visible progress bar; unlimited when absent. */
  objectsPerSecond?: number;
}

const maxConcurrent = 5;
const rootsAtOnce = 100;
/** How long the engine keeps the thread before it lets requests through. */
const sliceMs = 12;
const urlLifetimeMs = 7 * 24 * 3600 * 1000;
const running: ReadonlySet<BulkStatus> = new Set(['CREATED', 'RUNNING', 'CANCELING']);

/** Bulk queries of all stores: accepted, run in slices, written to files, announced. */
export class BulkOperations {
  readonly #platform: Platform;
  readonly #options: BulkOptions;
  readonly #operations = new Map<number, BulkOperation>();
  readonly #runs = new Set<Promise<void>>();
  readonly #faults = new Map<number, BulkFault[]>();
  readonly #heldAnswers = new Map<number, Promise<void>>();
  #objectsPerSecond: number | undefined;
  #isClosed = false;

  constructor(platform: Platform, options: BulkOptions) {
    this.#platform = platform;
    this.#options = options;
    this.#objectsPerSecond = options.objectsPerSecond;
    mkdirSync(options.directory, { recursive: true });
  }

  /** Whoever has seen operations on their way need not wait for their end at the same pace. */
  hurry(): void {
    this.#objectsPerSecond = undefined;
  }

  /** Oldest first. */
  list(shop: string): BulkOperation[] {
    return [...this.#operations.values()].filter((operation) => operation.shop === shop);
  }

  find(shop: string, id: number): BulkOperation | null {
    const operation = this.#operations.get(id);
    return operation?.shop === shop ? operation : null;
  }

  fileOf(id: number): { path: string; isExpired: boolean } | null {
    const operation = this.#operations.get(id);
    if (!operation || (operation.status !== 'COMPLETED' && !operation.hasPartialFile)) return null;
    return { path: this.#path(id), isExpired: this.#isExpired(operation) };
  }

  urlOf(operation: BulkOperation): string | null {
    if (operation.status !== 'COMPLETED' || operation.objectCount === 0 || this.#isExpired(operation)) return null;
    return operation.isWithoutUrl ? null : this.#addressOf(operation);
  }

  partialUrlOf(operation: BulkOperation): string | null {
    return operation.hasPartialFile && operation.objectCount > 0 ? this.#addressOf(operation) : null;
  }

  /** Resolves when no answer about this store is held back until an operation has been announced. */
  async untilAnswersMayGo(shop: string): Promise<void> {
    for (const { id } of this.list(shop)) await this.#heldAnswers.get(id);
  }

  start(store: ShopStore, input: { query: string; groupObjects: boolean; scopes: string[] }): BulkAnswer {
    const validated = validateBulkQuery(input.query, adminSchema().schema);
    if (!validated.ok) return { bulkOperation: null, userErrors: validated.errors };
    const busy = this.list(store.domain).filter(({ status }) => running.has(status));
    if (busy.length >= maxConcurrent) {
      const ids = busy.map(({ id }) => toGid('BulkOperation', id)).join(', ');
      const message = `A bulk query operation for this app and shop is already in progress: ${ids}.`;
      return { bulkOperation: null, userErrors: [{ field: null, message, code: 'OPERATION_IN_PROGRESS' }] };
    }
    const operation: BulkOperation = {
      id: store.nextId(),
      shop: store.domain,
      status: 'CREATED',
      errorCode: null,
      createdAt: this.#platform.now().toISOString(),
      completedAt: null,
      objectCount: 0,
      rootObjectCount: 0,
      fileSize: null,
      ...input,
    };
    this.#save(operation);
    this.#setFaults(operation);
    this.#run(operation.id, store);
    return { bulkOperation: operation, userErrors: [] };
  }

  cancel(shop: string, id: number | null): BulkAnswer {
    const operation = id === null ? null : this.find(shop, id);
    if (!operation) {
      return { bulkOperation: null, userErrors: [refusal(['id'], 'Bulk operation does not exist')] };
    }
    if (!running.has(operation.status)) {
      const message = `A bulk operation cannot be canceled when it is ${operation.status.toLowerCase()}`;
      return { bulkOperation: operation, userErrors: [refusal(null, message)] };
    }
    this.#save({ ...operation, status: 'CANCELING' });
    return { bulkOperation: this.find(shop, operation.id), userErrors: [] };
  }

  cancelAll(shop: string): void {
    for (const { id, status } of this.list(shop)) if (running.has(status)) this.cancel(shop, id);
  }

  restore(operation: BulkOperation): void {
    this.#operations.set(operation.id, operation);
  }

  /** After a restart: what was running begins again from its first object. */
  resume(storeOf: (shop: string) => ShopStore | undefined): void {
    for (const operation of this.#operations.values()) {
      const store = storeOf(operation.shop);
      if (running.has(operation.status) && store) this.#run(operation.id, store);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#runs);
  }

  #run(id: number, store: ShopStore): void {
    const run = this.#execute(id, store).finally(() => this.#runs.delete(run));
    this.#runs.add(run);
  }

  async #execute(id: number, store: ShopStore): Promise<void> {
    await nextTurn();
    const operation = this.#operations.get(id);
    if (!operation || this.#isClosed) return;
    if (operation.status !== 'CANCELING') {
      this.#save({ ...operation, status: 'RUNNING', objectCount: 0, rootObjectCount: 0 });
    }
    try {
      await this.#hold(id);
      const fileSize = await this.#writeFile(id, store);
      if (fileSize === null) return;
      this.#finish(id, store, { status: 'COMPLETED', fileSize, ...outcomeOf(this.#faults.get(id) ?? []) });
    } catch (error) {
      const isDenied = error instanceof GraphQLError && error.extensions['code'] === 'ACCESS_DENIED';
      // A resolver that fails is a mistake of the local Shopify or a field that it lacks: somebody should see it.
      if (!isDenied) process.emitWarning(`bulk operation ${id}: ${error instanceof Error ? error.message : ''}`);
      this.#finish(id, store, { status: 'FAILED', errorCode: isDenied ? 'ACCESS_DENIED' : 'INTERNAL_SERVER_ERROR' });
    }
  }

  /** Returns the number of bytes, or null when the platform closed meanwhile or the operation was cancelled. */
  async #writeFile(id: number, store: ShopStore): Promise<number | null> {
    const rootSets = this.#rootSets(this.#operations.get(id), store);
    const startedAtMs = performance.now();
    const file = await open(this.#path(id), 'w');
    let bytes = 0;
    let sliceStartedAtMs = startedAtMs;
    try {
      for (const { nodes, plan } of rootSets) {
        // Roots are let go as they are written, so that a large store is not held twice.
        const waiting = nodes.slice(0, Math.ceil(nodes.length * shareWritten(this.#faults.get(id) ?? []))).reverse();
        while (waiting.length > 0) {
          const operation = this.#operations.get(id);
          if (!operation || this.#isClosed) return null;
          if (operation.status === 'CANCELING') {
            this.#finish(id, store, { status: 'CANCELED' });
            return null;
          }
          const roots = waiting.splice(-rootsAtOnce).reverse();
          const { text, objects } = writeBulkLines(roots, plan, operation.groupObjects);
          bytes += (await file.write(text)).bytesWritten;
          this.#operations.set(id, {
            ...operation,
            objectCount: operation.objectCount + objects,
            rootObjectCount: operation.rootObjectCount + roots.length,
          });
          const isPaced = this.#objectsPerSecond !== undefined;
          if (!isPaced && performance.now() - sliceStartedAtMs < sliceMs) continue;
          await this.#pace(id, operation.objectCount + objects, startedAtMs);
          sliceStartedAtMs = performance.now();
        }
      }
      return bytes;
    } finally {
      await file.close();
    }
  }

  #rootSets(operation: BulkOperation | undefined, store: ShopStore): FoundConnection[] {
    const admin = adminSchema();
    const validated = operation && validateBulkQuery(operation.query, admin.schema);
    const queryType = admin.schema.getQueryType();
    if (!operation || !validated?.ok || !queryType) return [];
    const context = { platform: this.#platform, store, scopes: new Set(operation.scopes), isBulk: true };
    const input = { admin, resolvers: adminResolvers(), document: validated.document, context };
    const found: FoundConnection[] = [];
    compilePlan(input, validated.operation.selectionSet, queryType).write({}, found);
    return found;
  }

  async #pace(id: number, objects: number, startedAtMs: number): Promise<void> {
    await nextTurn();
    while (!this.#isClosed && this.#operations.get(id)?.status === 'RUNNING') {
      const dueMs = startedAtMs + (objects / (this.#objectsPerSecond ?? Infinity)) * 1000;
      const leftMs = dueMs - performance.now();
      if (leftMs <= 0) return;
      await wait(Math.min(50, leftMs));
    }
  }

  #finish(id: number, store: ShopStore, outcome: Partial<BulkOperation>): void {
    const operation = this.#operations.get(id);
    if (!operation) return;
    const completedAt = outcome.status === 'COMPLETED' ? this.#platform.now().toISOString() : null;
    const finished = { ...operation, completedAt, ...outcome };
    this.#save(finished);
    if (this.#faults.get(id)?.some(({ kind }) => kind === 'no-finish-webhook')) return;
    store.emit('bulk_operations/finish', {
      admin_graphql_api_id: toGid('BulkOperation', id),
      completed_at: finished.completedAt,
      created_at: finished.createdAt,
      error_code: finished.errorCode?.toLowerCase() ?? null,
      status: finished.status.toLowerCase(),
      type: 'query',
    });
  }

  #setFaults({ id, shop, query }: BulkOperation): void {
    const root = /^[^{]*\{\s*(?:\w+\s*:\s*)?(\w+)/.exec(query)?.[1] ?? '';
    const faults = this.#platform.faults.strike('bulk', { name: root, shop });
    if (faults.length === 0) return;
    this.#faults.set(id, faults);
    if (!faults.some(({ kind }) => kind === 'finish-before-answer')) return;
    const announced = this.#untilAnnounced(id).finally(() => this.#heldAnswers.delete(id));
    this.#heldAnswers.set(id, announced);
  }

  async #untilAnnounced(id: number): Promise<void> {
    const isUnderWay = (): boolean => running.has(this.#operations.get(id)?.status ?? 'FAILED');
    while (isUnderWay() && !this.#isClosed) await wait(5);
    const gid = toGid('BulkOperation', id);
    const isOnItsWay = (): boolean =>
      this.#platform.webhooks
        .deliveries()
        .some(({ topic, body, status }) => topic === 'bulk_operations/finish' && status === 'pending' && body.includes(`"${gid}"`));
    while (isOnItsWay() && !this.#isClosed) await wait(5);
  }

  async #hold(id: number): Promise<void> {
    const forMs = Math.max(0, ...(this.#faults.get(id) ?? []).map((fault) => (fault.kind === 'held' ? fault.forMs : 0)));
    const untilMs = performance.now() + forMs;
    while (performance.now() < untilMs && !this.#isClosed && this.#operations.get(id)?.status === 'RUNNING') await wait(5);
  }

  #addressOf({ id }: BulkOperation): string {
    return bulkFileAddress(id);
  }

  #isExpired(operation: BulkOperation): boolean {
    if (operation.completedAt === null) return false;
    return this.#platform.now().getTime() - Date.parse(operation.completedAt) > urlLifetimeMs;
  }

  #path(id: number): string {
    return join(this.#options.directory, `${id}.jsonl`);
  }

  #save(operation: BulkOperation): void {
    this.#options.journal?.append({ kind: 'bulk', shop: operation.shop, value: operation });
    this.restore(operation);
  }
}

function shareWritten(faults: readonly BulkFault[]): number {
  return Math.min(1, ...faults.map((fault) => (fault.kind === 'failed' ? fault.share : 1)));
}

/** How an operation ends whose file is written as far as it will be. */
function outcomeOf(faults: readonly BulkFault[]): Partial<BulkOperation> {
  return Object.assign(
    {},
    ...faults.map((fault): Partial<BulkOperation> => {
      switch (fault.kind) {
        case 'failed':
          return { status: 'FAILED', errorCode: fault.errorCode, hasPartialFile: true, completedAt: null };
        case 'canceled':
          return { status: 'CANCELED', completedAt: null };
        case 'expired':
          return { status: 'EXPIRED' };
        case 'no-url':
          return { isWithoutUrl: true };
        default:
          return {};
      }
    }),
  );
}

function refusal(field: string[] | null, message: string): BulkUserError {
  return { field, message, code: null };
}
