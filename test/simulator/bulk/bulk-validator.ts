import {
  getNamedType,
  getNullableType,
  GraphQLError,
  isListType,
  Kind,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

export interface BulkUserError {
  field: string[] | null;
  message: string;
  code: 'INVALID' | 'OPERATION_IN_PROGRESS' | 'LIMIT_REACHED' | null;
}

export type ValidatedBulkQuery =
  | { ok: true; document: DocumentNode; operation: OperationDefinitionNode }
  | { ok: false; errors: BulkUserError[] };

const maxConnections = 5;
const maxDepth = 2;

/** Shopify's rules for bulk queries, in its words as live responses show them. */
export function validateBulkQuery(query: string, schema: GraphQLSchema): ValidatedBulkQuery {
  const document = parseQuery(query);
  if (document instanceof GraphQLError) {
    const reason = query.trim() === '' ? 'syntax error, unexpected end of file' : document.message;
    return refuse([`Invalid bulk query: ${reason}`]);
  }
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  if (!operation || operations.length > 1) return refuse(['Bulk queries must contain exactly one operation.']);
  if (operation.operation !== 'query') {
    return refuse(['Invalid operation type. Only `query` operations are supported.']);
  }
  const problems = validate(schema, document);
  if (problems.length > 0) return refuse(problems.map((problem) => `Invalid bulk query: ${problem.message}`));
  if ((operation.variableDefinitions ?? []).length > 0) return refuse(['Bulk queries cannot contain variables.']);

  const messages = complaints(inlineFragments(document, operation), schema);
  return messages.length > 0 ? refuse(messages) : { ok: true, document, operation };
}

function parseQuery(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function refuse(messages: readonly string[]): ValidatedBulkQuery {
  return { ok: false, errors: messages.map((message) => ({ field: ['query'], message, code: 'INVALID' })) };
}

function complaints(operation: OperationDefinitionNode, schema: GraphQLSchema): string[] {
  const connections: { name: string; depth: number; usesEdges: boolean }[] = [];
  const withoutId = new Set<string>();
  let hasTopLevelNode = false;
  let isConnectionInList = false;
  const open: { node: FieldNode; isConnection: boolean; isList: boolean }[] = [];
  const types = new TypeInfo(schema);

  visit(
    operation,
    visitWithTypeInfo(types, {
      Field: {
        enter(node) {
          const type = types.getType();
          const isConnection = type ? getNamedType(type).name.endsWith('Connection') : false;
          const isEdges = node.name.value === 'edges' || node.name.value === 'nodes';
          const isList = type ? isListType(getNullableType(type)) && !isEdges : false;
          if (open.length === 0 && ['node', 'nodes'].includes(node.name.value)) hasTopLevelNode = true;
          if (isConnection) {
            const outer = open.filter((field) => field.isConnection);
            const parent = outer.at(-1);
            if (parent && !nodeSelectsId(parent.node)) withoutId.add(parent.node.name.value);
            if (open.some((field) => field.isList)) isConnectionInList = true;
            connections.push({
              name: node.name.value,
              depth: outer.length,
              usesEdges: !fieldsOf(node.selectionSet).some((field) => field.name.value === 'nodes'),
            });
          }
          open.push({ node, isConnection, isList });
        },
        leave() {
          open.pop();
        },
      },
    }),
  );

  const messages: string[] = [];
  if (hasTopLevelNode) messages.push('Bulk queries cannot contain a top level `node` field.');
  if (connections.length === 0) messages.push('Bulk queries must contain at least one connection.');
  if (connections.length > maxConnections) {
    messages.push(`Bulk queries cannot contain more than ${maxConnections} connections.`);
  }
  if (connections.some(({ depth }) => depth > maxDepth)) {
    messages.push(`Bulk queries cannot contain connections with a nesting depth greater than ${maxDepth}.`);
  }
  const viaNodes = connections.filter(({ usesEdges }) => !usesEdges).map(({ name }) => name);
  if (viaNodes.length > 0) messages.push(edgesMessage(viaNodes));
  if (withoutId.size > 0) {
    messages.push(
      "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of " +
        `'ID' return type. Connection fields without 'id': ${[...withoutId].join(', ')}.`,
    );
  }
  if (isConnectionInList) {
    messages.push('Queries that contain a connection field within a list field are not currently supported.');
  }
  return messages;
}

function edgesMessage(names: readonly string[]): string {
  return (
    "All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: " +
    `'${names[0] ?? ''} { edges { node {'. Selecting via 'nodes' is not supported. ` +
    `Invalid connection fields: ${names.map((name) => `'${name}'`).join(', ')}.`
  );
}

function nodeSelectsId(connection: FieldNode): boolean {
  return fieldsOf(connection.selectionSet)
    .filter((edges) => edges.name.value === 'edges')
    .flatMap((edges) => fieldsOf(edges.selectionSet))
    .filter((node) => node.name.value === 'node')
    .some((node) => fieldsOf(node.selectionSet).some((field) => field.name.value === 'id' && !field.alias));
}

/** Fields of a selection, through inline fragments. */
function fieldsOf(selection: SelectionSetNode | undefined): FieldNode[] {
  return (selection?.selections ?? []).flatMap((item) =>
    item.kind === Kind.FIELD ? [item] : item.kind === Kind.INLINE_FRAGMENT ? fieldsOf(item.selectionSet) : [],
  );
}

/** The operation with each named fragment written out where it is used. */
function inlineFragments(document: DocumentNode, operation: OperationDefinitionNode): OperationDefinitionNode {
  return visit(operation, {
    FragmentSpread(spread) {
      const fragment = document.definitions.find(
        (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === spread.name.value,
      );
      if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) return undefined;
      return { kind: Kind.INLINE_FRAGMENT, typeCondition: fragment.typeCondition, selectionSet: fragment.selectionSet };
    },
  });
}
