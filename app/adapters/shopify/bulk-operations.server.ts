import { ShopifyRequestError, ShopifyUnavailableError, type AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import {
  BulkOperationStateDocument,
  CancelBulkOperationDocument,
  HistoryCountsDocument,
  RunBulkQueryDocument,
} from '#app/generated/admin-api.ts';

export interface BulkOperationFacts {
  /** Shopify's BulkOperationStatus, or one that it will think of later. */
  status: string;
  errorCode: string | null;
  objectCount: number;
  /** Those of the objects that have no parent: orders without their lines. */
  rootObjectCount: number;
  /** Null while it runs, and for an empty result. */
  url: string | null;
}

/** Without a count nothing tells whether a file is whole. */
type BulkOperationAnswer = Omit<BulkOperationFacts, 'objectCount'> & { objectCount: number | null };

const BUSY_CODES: readonly string[] = ['OPERATION_IN_PROGRESS', 'LIMIT_REACHED'];

/** `busy` when the shop has no place for another operation now. Throws ShopifyRequestError when the query is refused. */
export async function startBulkQuery(
  admin: AdminApi,
  query: string,
): Promise<{ ok: true; operationId: string } | { ok: false; reason: 'busy' }> {
  const { data } = await admin(RunBulkQueryDocument, { query });
  const payload = data.bulkOperationRunQuery;
  const problem = payload?.userErrors[0];
  if (problem?.code && BUSY_CODES.includes(problem.code)) return { ok: false, reason: 'busy' };
  if (problem) throw new ShopifyRequestError(`Shopify refuses the query: ${problem.code ?? 'of no code'}`);
  if (!payload?.bulkOperation) throw new ShopifyUnavailableError('Shopify says neither what it began nor what is wrong');
  return { ok: true, operationId: payload.bulkOperation.id };
}

/** Null when Shopify does not know the operation (any more). */
export async function loadBulkOperation(admin: AdminApi, operationId: string): Promise<BulkOperationAnswer | null> {
  const { data } = await admin(BulkOperationStateDocument, { id: operationId });
  const operation = data.bulkOperation;
  if (!operation) return null;
  return {
    status: operation.status,
    errorCode: operation.errorCode ?? null,
    objectCount: readCount(operation.objectCount),
    rootObjectCount: readCount(operation.rootObjectCount) ?? 0,
    url: operation.url ?? null,
  };
}

/** UnsignedInt64 travels as a string. */
export function readCount(value: unknown): number | null {
  const count = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
}

/** An operation that has ended already is no error: there is nothing left to cancel. */
export async function cancelBulkOperation(admin: AdminApi, operationId: string): Promise<{ messages: string[] }> {
  const { data } = await admin(CancelBulkOperationDocument, { id: operationId });
  return { messages: (data.bulkOperationCancel?.userErrors ?? []).map((problem) => problem.message) };
}

/** How many orders and customers the store has that we may read. Null for what Shopify does not tell. */
export async function loadHistoryCounts(admin: AdminApi): Promise<{ orders: number | null; customers: number | null }> {
  const { data } = await admin(HistoryCountsDocument, {});
  return { orders: data.ordersCount?.count ?? null, customers: data.customersCount?.count ?? null };
}
