import {
  execute,
  getOperationAST,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { accessDenied, isAllowed } from './access.ts';
import { actualCost, requestedCost } from './cost.ts';
import { resolveField, Typed, type AdminContext } from './resolver.ts';
import { adminResolvers } from './resolvers/admin-resolvers.ts';
import { adminSchema } from './schema.ts';
import { maximumQueryCost, type LeakyBucket } from './throttle.ts';

export interface AdminRequest {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | null;
}

export interface AdminAnswer {
  data?: unknown;
  errors?: readonly unknown[];
  extensions?: Record<string, unknown>;
}

/** Runs one Admin API request as Shopify would: parse, validate, charge, enforce scopes, execute. */
export async function executeAdminRequest(
  request: AdminRequest,
  context: AdminContext,
  bucket: LeakyBucket,
): Promise<AdminAnswer> {
  const { schema } = adminSchema();
  const { document, problems } = readDocument(request.query, schema);
  if (document === undefined || problems.length > 0) return { errors: problems.map((problem) => problem.toJSON()) };
  const operation = getOperationAST(document, request.operationName);
  if (!operation) return { errors: [{ message: 'No operation of that name in the document.' }] };

  const costInput = { schema, document, operation, variables: request.variables };
  const requested = requestedCost(costInput);
  const refusal = refuseByCost(requested, bucket);
  if (refusal) return refusal;

  const result = await execute({
    schema,
    document,
    variableValues: request.variables,
    operationName: request.operationName,
    contextValue: context,
    fieldResolver,
    typeResolver: (value: unknown) => (value instanceof Typed ? value.typeName : undefined),
  });
  // The request paid for is an upper bound, whatever a plain list turned out to hold.
  const actual = Math.min(requested, actualCost(costInput, result.data));
  bucket.take(actual);
  return {
    ...toJson(result),
    extensions: {
      cost: { requestedQueryCost: requested, actualQueryCost: actual, throttleStatus: bucket.status() },
    },
  };
}

interface ReadDocument {
  document?: DocumentNode;
  problems: readonly GraphQLError[];
}

/** By their text: the app asks a few dozen questions over and over, and looking one through takes longer than answering. */
const readBefore = new Map<string, ReadDocument>();
const MOST_REMEMBERED = 500;

function readDocument(query: string, schema: GraphQLSchema): ReadDocument {
  const known = readBefore.get(query);
  if (known) return known;
  const read = parseAndValidate(query, schema);
  if (readBefore.size === MOST_REMEMBERED) readBefore.clear();
  readBefore.set(query, read);
  return read;
}

function parseAndValidate(query: string, schema: GraphQLSchema): ReadDocument {
  try {
    const document = parse(query);
    return { document, problems: validate(schema, document) };
  } catch (error) {
    if (error instanceof GraphQLError) return { problems: [error] };
    throw error;
  }
}

function refuseByCost(requested: number, bucket: LeakyBucket): AdminAnswer | null {
  const cost = { requestedQueryCost: requested, actualQueryCost: null, throttleStatus: bucket.status() };
  if (requested > maximumQueryCost) {
    const message = `Query cost is ${requested}, which exceeds the single query max cost limit (${maximumQueryCost}).`;
    const extensions = {
      code: 'MAX_COST_EXCEEDED',
      cost: requested,
      maxCost: maximumQueryCost,
      documentation: 'https://shopify.dev/api/usage/limits#rate-limits',
    };
    return { errors: [{ message, extensions }], extensions: { cost } };
  }
  if (bucket.canAfford(requested)) return null;
  const extensions = { code: 'THROTTLED', documentation: 'https://shopify.dev/api/usage/limits#rate-limits' };
  return { errors: [{ message: 'Throttled', extensions }], extensions: { cost } };
}

const fieldResolver: GraphQLFieldResolver<unknown, AdminContext, Record<string, unknown>> = (
  source,
  args,
  context,
  info,
) => {
  const { name } = info.parentType;
  const requirement = adminSchema().requirementOf(name, info.fieldName);
  if (requirement && !isAllowed(requirement, context.scopes)) throw accessDenied(info.fieldName, requirement);
  return resolveField(adminResolvers(), name, info.fieldName)(source, args, context);
};

function toJson(result: ExecutionResult): AdminAnswer {
  const errors = result.errors?.map((error) => error.toJSON());
  return { ...(result.data === undefined ? {} : { data: result.data }), ...(errors ? { errors } : {}) };
}
