import type { FoundConnection, ObjectPlan } from './bulk-plan.ts';

export interface BulkLines {
  text: string;
  objects: number;
}

interface Waiting {
  source: unknown;
  plan: ObjectPlan;
  parentId: unknown;
}

/**
 * The lines of some root objects and of all that hangs below them. Grouped: each parent is followed by its children.
 * Not grouped: all roots first, then the children from the last parent to the first, so that nobody can rely on a
 * child being near its parent, which Shopify does not promise either.
 */
export function writeBulkLines(roots: readonly unknown[], plan: ObjectPlan, isGrouped: boolean): BulkLines {
  const lines: string[] = [];

  const write = (source: unknown, own: ObjectPlan, parentId: unknown): Waiting[] => {
    const found: FoundConnection[] = [];
    const line = own.write(source, found);
    const id = line['id'];
    if (parentId !== undefined) line['__parentId'] = parentId;
    lines.push(JSON.stringify(line));
    return found.flatMap((connection) =>
      connection.nodes.map((node) => ({ source: node, plan: connection.plan, parentId: id })),
    );
  };

  const writeGrouped = (waiting: Waiting): void => {
    for (const child of write(waiting.source, waiting.plan, waiting.parentId)) writeGrouped(child);
  };

  if (isGrouped) {
    for (const source of roots) writeGrouped({ source, plan, parentId: undefined });
  } else {
    let level = roots.map((source): Waiting => ({ source, plan, parentId: undefined }));
    while (level.length > 0) {
      level = level.flatMap((waiting) => write(waiting.source, waiting.plan, waiting.parentId)).reverse();
    }
  }
  return { text: lines.length === 0 ? '' : `${lines.join('\n')}\n`, objects: lines.length };
}
