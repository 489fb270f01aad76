import type { Fault, FaultPlan } from './fault-proxy.ts';

/** What Shopify says of a bulk operation that a test makes up. */
export interface ScriptedOperation {
  status?: string;
  errorCode?: string | null;
  objectCount: number;
  /** The file; null for an operation without an address for one. */
  file: string | Buffer | null;
  /** Instead of the file. */
  fileFault?: Fault;
}

const FILE = '/scripted-bulk.jsonl';

/**
 * Answers for the bulk operations of a shop: the first that is started is the first of `operations`, and so on, the last
 * for ever. Everything else goes to the local Shopify.
 */
export function scriptBulk(operations: readonly ScriptedOperation[]): FaultPlan & { started: () => number } {
  let started = 0;
  const at = (number: number) => operations[Math.min(number, operations.length) - 1];
  const answer = (data: unknown): Fault => ({ kind: 'answer', status: 200, body: JSON.stringify({ data }) });

  const plan: FaultPlan = ({ path, body }) => {
    if (path.startsWith(FILE)) {
      const operation = at(Number(path.slice(FILE.length + 1)));
      const content = operation?.file ?? '';
      return operation?.fileFault ?? { kind: 'answer', status: 200, headers: { 'Content-Type': 'application/jsonl' }, body: content };
    }
    if (body.includes('bulkOperationRunQuery')) {
      started += 1;
      const id = `gid://shopify/BulkOperation/${started}`;
      return answer({ bulkOperationRunQuery: { bulkOperation: { id, status: 'CREATED' }, userErrors: [] } });
    }
    const id = /gid:\/\/shopify\/BulkOperation\/(\d+)/.exec(body)?.[1];
    const operation = id === undefined ? undefined : at(Number(id));
    if (!operation) return undefined;
    const url = operation.file === null ? null : `https://storage.googleapis.com${FILE}?${id}`;
    return answer({
      bulkOperation: {
        id: `gid://shopify/BulkOperation/${id}`,
        status: operation.status ?? 'COMPLETED',
        errorCode: operation.errorCode ?? null,
        createdAt: new Date().toISOString(),
        objectCount: String(operation.objectCount),
        url,
        partialDataUrl: null,
      },
    });
  };
  return Object.assign(plan, { started: () => started });
}
