import type { FieldFault } from './fault-rules.ts';

type Visit = (holder: Record<string, unknown>, path: readonly (string | number)[]) => void;

/** Calls for every object of a JSON value, parents first. */
function visitObjects(value: unknown, visit: Visit, path: readonly (string | number)[] = []): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visitObjects(item, visit, [...path, index]);
  } else if (typeof value === 'object' && value !== null) {
    // JSON that was just parsed: its objects are plain.
    const holder = value as Record<string, unknown>;
    visit(holder, path);
    for (const [name, item] of Object.entries(holder)) visitObjects(item, visit, [...path, name]);
  }
}

/** Changes a parsed answer in place. */
export function changeFields(value: unknown, fault: FieldFault): void {
  visitObjects(value, (holder) => {
    if (fault.kind === 'extra-field') {
      if (fault.beside in holder) holder[fault.field] = fault.value;
    } else if (fault.field in holder) {
      if (fault.kind === 'missing-field') delete holder[fault.field];
      else holder[fault.field] = fault.becomes;
    }
  });
}

/** Sets a field to null wherever it stands, and says where that was. */
export function withholdField(data: unknown, field: string): (string | number)[][] {
  const paths: (string | number)[][] = [];
  visitObjects(data, (holder, path) => {
    if (!(field in holder)) return;
    holder[field] = null;
    paths.push([...path, field]);
  });
  return paths;
}

export function isFieldFault(fault: { kind: string }): fault is FieldFault {
  return ['changed-field', 'missing-field', 'extra-field'].includes(fault.kind);
}
