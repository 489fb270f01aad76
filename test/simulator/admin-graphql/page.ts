import { badRequest, numberArg, resolversOf, textArg, type AdminContext, type Args } from './resolver.ts';

const maxPageSize = 250;

/** A window on a list, with enough around it to answer `pageInfo`. */
export class Page {
  readonly nodes: readonly unknown[];
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;

  constructor(nodes: readonly unknown[], cursors: readonly string[], hasNextPage: boolean, hasPreviousPage: boolean) {
    this.nodes = nodes;
    this.cursors = cursors;
    this.hasNextPage = hasNextPage;
    this.hasPreviousPage = hasPreviousPage;
  }
}

export interface Listing<Item> {
  items: readonly Item[];
  /** What the cursor remembers; must be unique within the list. */
  idOf(item: Item): number;
  /** Turns an item into what resolvers expect, only for those on the page. */
  wrap(item: Item): unknown;
}

/**
 * The page that `first/after` or `last/before` ask for. Cursors name an item, so a page stays where it was when
 * items are added before it; when that item has gone, the page after it is empty.
 */
export function paginate<Item>(listing: Listing<Item>, args: Args, context: AdminContext): Page {
  const ordered = args['reverse'] === true ? [...listing.items].reverse() : listing.items;
  if (context.isBulk)
    return new Page(
      ordered.map((item) => listing.wrap(item)),
      [],
      false,
      false,
    );
  const first = sizeArg(args, 'first');
  const last = sizeArg(args, 'last');
  if (first === null && last === null) throw badRequest('you must provide one of first or last');
  if (first !== null && last !== null) throw badRequest('providing both first and last is not supported');

  const positionOf = (cursor: string | null): number | null => {
    if (cursor === null) return null;
    const id = readCursor(cursor);
    return ordered.findIndex((item) => listing.idOf(item) === id);
  };
  const after = positionOf(textArg(args, 'after'));
  const before = positionOf(textArg(args, 'before'));
  const from = after === null ? 0 : after === -1 ? ordered.length : after + 1;
  const to = before === null ? ordered.length : before === -1 ? from : before;
  const start = last === null ? from : Math.max(from, to - last);
  const end = first === null ? to : Math.min(to, from + first);
  const window = ordered.slice(start, Math.max(start, end));
  return new Page(
    window.map((item) => listing.wrap(item)),
    window.map((item) => writeCursor(listing.idOf(item))),
    end < ordered.length,
    start > 0,
  );
}

function sizeArg(args: Args, name: 'first' | 'last'): number | null {
  const size = numberArg(args, name);
  if (size === null) return null;
  if (size < 0) throw badRequest(`${name} must be greater than or equal to 0`);
  if (size > maxPageSize) throw badRequest(`${name} cannot exceed ${maxPageSize}`);
  return size;
}

function writeCursor(id: number): string {
  return Buffer.from(JSON.stringify({ last_id: id })).toString('base64');
}

function readCursor(cursor: string): number {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8'));
    const id: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'last_id') : null;
    if (typeof id === 'number') return id;
  } catch {
    // Falls through to the same refusal: Shopify does not tell how a cursor is broken.
  }
  throw badRequest(`Invalid cursor for current pagination sort.`);
}

/** Shared by every `…Connection` type. */
export const connectionResolvers = resolversOf<Page>({
  nodes: (page) => page.nodes,
  edges: (page) => page.nodes.map((node, index) => ({ node, cursor: page.cursors[index] ?? '' })),
  pageInfo: (page) => ({
    hasNextPage: page.hasNextPage,
    hasPreviousPage: page.hasPreviousPage,
    startCursor: page.cursors[0] ?? null,
    endCursor: page.cursors.at(-1) ?? null,
  }),
});

/** A short list as a connection, each item its own source. */
export function wholeList<Item>(items: readonly Item[], args: Args, context: AdminContext): Page {
  const positions = new Map(items.map((item, index) => [item, index]));
  return paginate({ items, idOf: (item) => positions.get(item) ?? -1, wrap: (item) => item }, args, context);
}
