import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { accessDenied, isAllowed } from '../admin-graphql/access.ts';
import { Page } from '../admin-graphql/page.ts';
import {
  notImitated,
  resolveField,
  sourceOf,
  Typed,
  type AdminContext,
  type ResolverMap,
} from '../admin-graphql/resolver.ts';
import type { AdminSchema } from '../admin-graphql/schema.ts';

/** A nested connection that was met while its parent's line was written. */
export interface FoundConnection {
  nodes: readonly unknown[];
  plan: ObjectPlan;
}

type Line = Record<string, unknown>;

/** Writes one field into the line, or reports a connection instead. */
type FieldStep = (source: unknown, line: Line, found: FoundConnection[]) => void;

/** How to turn a source into a line. Compiled once per query, because graphql-js a node takes several times longer. */
export interface ObjectPlan {
  write(source: unknown, found: FoundConnection[]): Line;
}

export interface PlanInput {
  admin: AdminSchema;
  resolvers: ResolverMap;
  document: DocumentNode;
  context: AdminContext;
}

/** @throws GraphQLError with code ACCESS_DENIED, or NOT_IMITATED when a field is met that has no resolver. */
export function compilePlan(input: PlanInput, selection: SelectionSetNode, type: GraphQLObjectType): ObjectPlan {
  return compileObject(input, [selection], type);
}

function compileObject(input: PlanInput, selections: SelectionSetNode[], type: GraphQLObjectType): ObjectPlan {
  const fields = new Map<string, FieldNode[]>();
  for (const selection of selections) collectFields(input, selection, type, fields);
  const steps = [...fields].map(([key, nodes]) => compileField(input, key, nodes, type));
  return {
    write(source, found) {
      const line: Line = {};
      for (const step of steps) step(source, line, found);
      return line;
    },
  };
}

function compileField(input: PlanInput, key: string, nodes: FieldNode[], type: GraphQLObjectType): FieldStep {
  const [node] = nodes;
  const name = node?.name.value ?? '';
  if (name === '__typename') {
    return (_source, line) => {
      line[key] = type.name;
    };
  }
  const definition = type.getFields()[name];
  if (!node || !definition) throw notImitated(`${type.name}.${name}`);
  const requirement = input.admin.requirementOf(type.name, name);
  if (requirement && !isAllowed(requirement, input.context.scopes)) throw accessDenied(name, requirement);
  const args = getArgumentValues(definition, node);
  const resolve = resolveField(input.resolvers, type.name, name);
  const { context } = input;

  if (getNamedType(definition.type).name.endsWith('Connection')) {
    const plan = compileNodes(input, nodes, getNamedType(definition.type).name);
    return (source, _line, found) => {
      const page = resolve(source, args, context);
      if (page instanceof Page) found.push({ nodes: page.nodes, plan });
    };
  }
  const complete = compileValue(input, definition.type, nodes);
  return (source, line, found) => {
    line[key] = complete(resolve(source, args, context), found);
  };
}

function compileNodes(input: PlanInput, connections: FieldNode[], typeName: string): ObjectPlan {
  const selections = connections
    .flatMap((connection) => namedSelections(connection, 'edges'))
    .flatMap((edges) => namedSelections(edges, 'node'))
    .flatMap((node) => (node.selectionSet ? [node.selectionSet] : []));
  const connection = input.admin.schema.getType(typeName);
  const nodesField = isObjectType(connection) ? connection.getFields()['nodes'] : undefined;
  if (!nodesField) throw notImitated(typeName);
  const type = getNamedType(nodesField.type);
  const complete = compileAny(input, selections, type.name);
  return { write: (source, found) => complete(source, found) };
}

function namedSelections(parent: FieldNode, name: string): FieldNode[] {
  return (parent.selectionSet?.selections ?? []).flatMap((item) =>
    item.kind === Kind.FIELD && item.name.value === name ? [item] : [],
  );
}

type Complete = (value: unknown, found: FoundConnection[]) => unknown;

function compileValue(input: PlanInput, type: GraphQLOutputType, nodes: FieldNode[]): Complete {
  const inner = getNullableType(type);
  if (isListType(inner)) {
    const item = compileValue(input, inner.ofType, nodes);
    return (value, found) => (Array.isArray(value) ? value.map((entry) => item(entry, found)) : null);
  }
  if (isLeafType(inner)) return (value) => (value === null || value === undefined ? null : inner.serialize(value));
  const selections = nodes.flatMap((node) => (node.selectionSet ? [node.selectionSet] : []));
  const complete = compileAny(input, selections, getNamedType(inner).name);
  return (value, found) => (value === null || value === undefined ? null : complete(value, found));
}

/** An object at once; for an interface or union one plan per type that turns up. */
function compileAny(
  input: PlanInput,
  selections: SelectionSetNode[],
  typeName: string,
): (value: unknown, found: FoundConnection[]) => Line {
  const type = input.admin.schema.getType(typeName);
  if (isObjectType(type)) {
    const plan = compileObject(input, selections, type);
    return (value, found) => plan.write(sourceOf(value), found);
  }
  if (!isAbstractType(type)) throw notImitated(typeName);
  const plans = new Map(
    input.admin.schema.getPossibleTypes(type).map((possible) => [possible.name, lazily(input, selections, possible)]),
  );
  return (value, found) => {
    const plan = value instanceof Typed ? plans.get(value.typeName) : undefined;
    if (!plan) throw notImitated(typeName);
    return plan().write(sourceOf(value), found);
  };
}

function lazily(input: PlanInput, selections: SelectionSetNode[], type: GraphQLObjectType): () => ObjectPlan {
  let plan: ObjectPlan | undefined;
  return () => (plan ??= compileObject(input, selections, type));
}

function collectFields(
  input: PlanInput,
  selection: SelectionSetNode,
  type: GraphQLObjectType,
  fields: Map<string, FieldNode[]>,
): void {
  for (const item of selection.selections) {
    if (getDirectiveValues(GraphQLSkipDirective, item)?.['if'] === true) continue;
    if (getDirectiveValues(GraphQLIncludeDirective, item)?.['if'] === false) continue;
    if (item.kind === Kind.FIELD) {
      const key = item.alias?.value ?? item.name.value;
      fields.set(key, [...(fields.get(key) ?? []), item]);
      continue;
    }
    const fragment = item.kind === Kind.INLINE_FRAGMENT ? item : findFragment(input.document, item.name.value);
    if (fragment && applies(input.admin.schema, fragment.typeCondition?.name.value, type)) {
      collectFields(input, fragment.selectionSet, type, fields);
    }
  }
}

function findFragment(document: DocumentNode, name: string) {
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name) return definition;
  }
  return undefined;
}

function applies(schema: GraphQLSchema, condition: string | undefined, type: GraphQLObjectType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const wanted = schema.getType(condition);
  return isAbstractType(wanted) && schema.isSubType(wanted, type);
}
