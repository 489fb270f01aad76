import { GraphQLError } from 'graphql';
import type { Platform } from '../platform.ts';
import type { ShopStore } from '../shop-store.ts';

export type Args = Readonly<Record<string, unknown>>;

/** What a resolver may look at besides its source. */
export interface AdminContext {
  readonly platform: Platform;
  readonly store: ShopStore;
  /** Granted scopes; `write_x` has brought `read_x` with it. */
  readonly scopes: ReadonlySet<string>;
  /** True in a bulk query: connections give everything instead of a page. */
  readonly isBulk: boolean;
}

/** Written as a method so that a resolver may name the source that it expects. */
interface ResolverMethod<Source> {
  resolve(source: Source, args: Args, context: AdminContext): unknown;
}
export type Resolve<Source = unknown> = ResolverMethod<Source>['resolve'];

/** Resolvers of one GraphQL type, all synchronous, so that bulk queries run the same ones without promises. */
export type TypeResolvers<Source = unknown> = Record<string, Resolve<Source>>;

export type ResolverMap = Record<string, TypeResolvers>;

export function resolversOf<Source>(fields: TypeResolvers<Source>): TypeResolvers {
  return fields;
}

/** A value whose GraphQL type an interface or union leaves open. */
export class Typed {
  readonly typeName: string;
  readonly source: unknown;

  constructor(typeName: string, source: unknown) {
    this.typeName = typeName;
    this.source = source;
  }
}

export function sourceOf(value: unknown): unknown {
  return value instanceof Typed ? value.source : value;
}

/** Looks the field up: a resolver, else a property of a plain source, else it says that we do not imitate it. */
export function resolveField(
  resolvers: ResolverMap,
  typeName: string,
  fieldName: string,
): (source: unknown, args: Args, context: AdminContext) => unknown {
  const resolve = resolvers[typeName]?.[fieldName];
  if (resolve) return (source, args, context) => resolve(sourceOf(source), args, context);
  return (value) => {
    const source = sourceOf(value);
    if (typeof source === 'object' && source !== null && fieldName in source) return Reflect.get(source, fieldName);
    throw notImitated(`${typeName}.${fieldName}`);
  };
}

export function notImitated(what: string): GraphQLError {
  return new GraphQLError(`${what} is not imitated by the local Shopify.`, { extensions: { code: 'NOT_IMITATED' } });
}

export function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } });
}

export function textArg(args: Args, name: string): string | null {
  const value = args[name];
  return typeof value === 'string' ? value : null;
}

export function numberArg(args: Args, name: string): number | null {
  const value = args[name];
  return typeof value === 'number' ? value : null;
}

export function objectArg(args: Args, name: string): Args | null {
  const value = args[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : null;
}

export function listArg(args: Args, name: string): unknown[] | null {
  const value = args[name];
  return Array.isArray(value) ? value : null;
}
