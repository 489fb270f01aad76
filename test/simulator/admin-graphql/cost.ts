import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

const mutationCost = 10;
const unitlessTypes = new Set(['MoneyBag', 'MoneyV2', 'PageInfo']);
const countFieldCost = 10;

/** The cost question: an operation, its variables and, once it has run, its answer. */
export interface CostInput {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
}

/**
 * Points of a query before it runs. The rule is fitted to captured live answers: objects cost 1, money 0, a root
 * `…Count` 10, a mutation 10, and a connection 2 plus its node's cost times `round(1 + log2(page size))`.
 */
export function requestedCost(input: CostInput): number {
  return operationCost(input, undefined);
}

/** The same rule over what was really found: an absent object costs 1, an empty page 2. */
export function actualCost(input: CostInput, data: unknown): number {
  return operationCost(input, data ?? null);
}

function operationCost(input: CostInput, data: unknown): number {
  const { schema, operation } = input;
  const isMutation = operation.operation === 'mutation';
  const root = isMutation ? schema.getMutationType() : schema.getQueryType();
  if (!root) return 0;
  if (isMutation) return fieldsOf(input, operation.selectionSet).length * mutationCost;
  return selectionCost(input, operation.selectionSet, root, data);
}

function selectionCost(input: CostInput, selection: SelectionSetNode, type: GraphQLNamedType, data: unknown): number {
  let sum = 0;
  for (const { field, on } of fieldsOf(input, selection)) {
    const owner = on === null ? type : input.schema.getType(on) ?? type;
    if (!isObjectType(owner) && !isInterfaceType(owner)) continue;
    const definition = owner.getFields()[field.name.value];
    if (!definition || !field.selectionSet) continue;
    const child = getNamedType(definition.type);
    const value = data === undefined ? undefined : valueAt(data, field.alias?.value ?? field.name.value);
    if (data !== undefined && value === null) sum += unitlessTypes.has(child.name) ? 0 : 1;
    else if (child.name.endsWith('Connection')) sum += connectionCost(input, field, child, value);
    else if (child.name === 'Count' && owner.name === 'QueryRoot') sum += countFieldCost;
    else sum += objectCost(input, field.selectionSet, child, value) * (data === undefined ? askedObjects(input, field) : 1);
  }
  return sum;
}

function objectCost(input: CostInput, selection: SelectionSetNode, type: GraphQLNamedType, value: unknown): number {
  const own = unitlessTypes.has(type.name) ? 0 : 1;
  if (!Array.isArray(value)) return own + selectionCost(input, selection, type, value);
  return value.reduce<number>((sum, item) => sum + own + selectionCost(input, selection, type, item), 0);
}

/**
 * How many objects a field asks for by name. No captured answer tells what `nodes(ids:)` costs; that each id is paid for
 * is the dearer guess.
 */
function askedObjects(input: CostInput, field: FieldNode): number {
  const ids = field.name.value === 'nodes' ? field.arguments?.find(({ name }) => name.value === 'ids')?.value : undefined;
  if (ids?.kind === Kind.LIST) return ids.values.length;
  const value = ids?.kind === Kind.VARIABLE ? input.variables[ids.name.value] : undefined;
  return Array.isArray(value) ? value.length : 1;
}

function connectionCost(input: CostInput, field: FieldNode, type: GraphQLNamedType, value: unknown): number {
  if (!isObjectType(type) || !field.selectionSet) return 0;
  let nodeCost = 0;
  let size = value === undefined ? requestedSize(input, field) : 0;
  for (const { field: inner } of fieldsOf(input, field.selectionSet)) {
    const name = inner.name.value;
    if (name !== 'nodes' && name !== 'edges') continue;
    const list = value === undefined ? undefined : valueAt(value, inner.alias?.value ?? name);
    const items: unknown[] = Array.isArray(list) ? list : [];
    size = Math.max(size, items.length);
    const child = type.getFields()[name];
    const nodeSelection = name === 'nodes' ? inner.selectionSet : undefined;
    if (child && nodeSelection) {
      nodeCost = averageCost(input, nodeSelection, getNamedType(child.type), list === undefined ? undefined : items);
    } else if (child && inner.selectionSet) {
      const edge = getNamedType(child.type);
      const withoutEdge = averageCost(input, inner.selectionSet, edge, list === undefined ? undefined : items) - 1;
      nodeCost = Math.max(nodeCost, withoutEdge);
    }
  }
  return 2 + Math.ceil(pageWeight(size) * nodeCost);
}

function averageCost(
  input: CostInput,
  selection: SelectionSetNode,
  type: GraphQLNamedType,
  items: unknown[] | undefined,
): number {
  if (items === undefined) return 1 + selectionCost(input, selection, type, undefined);
  if (items.length === 0) return 0;
  return objectCost(input, selection, type, items) / items.length;
}

function pageWeight(size: number): number {
  return size <= 0 ? 0 : Math.round(1 + Math.log2(size));
}

function requestedSize(input: CostInput, field: FieldNode): number {
  for (const argument of field.arguments ?? []) {
    if (argument.name.value !== 'first' && argument.name.value !== 'last') continue;
    if (argument.value.kind === Kind.INT) return Number(argument.value.value);
    if (argument.value.kind !== Kind.VARIABLE) continue;
    const value = input.variables[argument.value.name.value];
    if (typeof value === 'number') return value;
  }
  return 1;
}

function fieldsOf(
  input: CostInput,
  selection: SelectionSetNode,
  on: string | null = null,
): { field: FieldNode; on: string | null }[] {
  return selection.selections.flatMap((item) => {
    if (item.kind === Kind.FIELD) return [{ field: item, on }];
    if (item.kind === Kind.INLINE_FRAGMENT) {
      return fieldsOf(input, item.selectionSet, item.typeCondition?.name.value ?? on);
    }
    const fragment = input.document.definitions.find(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === item.name.value,
    );
    if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) return [];
    return fieldsOf(input, fragment.selectionSet, fragment.typeCondition.name.value);
  });
}

function valueAt(data: unknown, key: string): unknown {
  return typeof data === 'object' && data !== null ? Reflect.get(data, key) ?? null : null;
}
