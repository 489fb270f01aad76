import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { PROJECT_DIR } from './support/project-dir.ts';

// Row-level security holds back what a query forgets, so nothing else fails when one relies on it alone.

interface Tenants {
  /** As Prisma's client names them. */
  models: Set<string>;
  tables: string[];
}

/** Statements that are of all shops, by the file that they stand in. */
const OF_ALL_SHOPS: Readonly<Record<string, string>> = {
  'app/adapters/backup/settle-statements.ts': 'run by the owner over a database that was just restored',
};

function readTenants(schema: string): Tenants {
  const tenants: Tenants = { models: new Set(), tables: [] };
  for (const [, name = '', body = ''] of schema.matchAll(/^model (\w+) \{\n(.*?)^\}/gms)) {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1];
    if (table === undefined || !body.includes('@map("shop_id")')) continue;
    tenants.models.add(name.charAt(0).toLowerCase() + name.slice(1));
    tenants.tables.push(table);
  }
  return tenants;
}

const TENANTS = readTenants(readFileSync(join(PROJECT_DIR, 'prisma', 'schema.prisma'), 'utf8'));
const NAMED_TABLE = new RegExp(`\\b(?:FROM|JOIN|UPDATE|INTO)\\s+(?:${[...TENANTS.tables].sort((a, b) => b.length - a.length).join('|')})\\b`, 'g');
const PRISMA_CALL = /^(?:db|prisma)\.(\w+)\.\w+$/;

/** Each query of a tenant's rows that does not say whose, as `file:line`. */
function shoplessQueries(file: string, text: string): { found: string[]; queries: number } {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const values = valuesByName(source);
  const found: string[] = [];
  let queries = 0;
  const judge = (node: ts.Node, isNamed: boolean): void => {
    queries += 1;
    if (!isNamed) found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.getText().slice(0, 100)}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      const tables = node.getText().match(NAMED_TABLE)?.length ?? 0;
      // One mention of the shop for each table that is read or written.
      if (tables > 0) judge(node, countOf(/\bshop_id\b/g, textWith(node, values)) >= tables);
    }
    if (ts.isCallExpression(node)) {
      const model = PRISMA_CALL.exec(node.expression.getText())?.[1];
      const isOfTenant = model !== undefined && TENANTS.models.has(model);
      if (isOfTenant) judge(node, node.arguments.some((argument) => /\bshopId\b|\bshopId_/.test(textWith(argument, values))));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { found, queries };
}

/** What each name of a file stands for: a constant, or what a loop takes its values from. */
function valuesByName(source: ts.SourceFile): Map<string, ts.Node[]> {
  const values = new Map<string, ts.Node[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) {
      const loop = ts.isForOfStatement(node.parent.parent) ? node.parent.parent.expression : undefined;
      const value = node.initializer ?? loop;
      if (value) values.set(node.name.text, [...(values.get(node.name.text) ?? []), value]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return values;
}

/** A text with those of the names in it behind it, and of the names in those. */
function textWith(node: ts.Node, values: ReadonlyMap<string, readonly ts.Node[]>, seen = new Set<string>()): string {
  let text = node.getText();
  const visit = (child: ts.Node): void => {
    if (ts.isIdentifier(child) && !isMember(child) && !seen.has(child.text)) {
      seen.add(child.text);
      for (const value of values.get(child.text) ?? []) text += ` ${textWith(value, values, seen)}`;
    }
    ts.forEachChild(child, visit);
  };
  visit(node);
  return text;
}

/** `b` in `a.b` and in `{ b: c }` names no constant, and `a` there is not all of one. */
function isMember(node: ts.Identifier): boolean {
  const { parent } = node;
  return ts.isPropertyAccessExpression(parent) || (ts.isPropertyAssignment(parent) && parent.name === node);
}

function countOf(pattern: RegExp, text: string): number {
  return text.match(pattern)?.length ?? 0;
}

function sourcesOf(folder: string): string[] {
  return readdirSync(join(PROJECT_DIR, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${folder}/${name}`);
}

describe('every query of a shop’s rows', () => {
  it.each([
    'db.order.findMany({ where: { orderId } })',
    'const where = { orderId }; db.order.count({ where })',
    'const of = { shopId, orderId }; db.order.count({ where: { orderId: of.orderId } })',
    "connection.query('SELECT 1 FROM orders WHERE order_id = $1')",
    "connection.query('SELECT 1 FROM orders o JOIN refunds r ON r.order_id = o.order_id WHERE o.shop_id = $1')",
    'db.$executeRaw`UPDATE customers SET locale = NULL WHERE customer_id = ${id}`',
  ])('would be found without its shop: %s', (code) => {
    expect(shoplessQueries('x.ts', code).found).toHaveLength(1);
  });

  it.each([
    'const where = { shopId, orderId }; const more = { ...where, name }; db.order.count({ where: more })',
    'db.order.update({ where: { shopId_orderId: key }, data })',
    "connection.query('SELECT 1 FROM orders o JOIN refunds r USING (shop_id, order_id) WHERE o.shop_id = $1')",
    "const left = 'shop_id = $1'; connection.query(`DELETE FROM orders WHERE ${left}`)",
    "connection.query('SELECT 1 FROM incoming_orders')",
  ])('is let through with it: %s', (code) => {
    expect(shoplessQueries('x.ts', code).found).toEqual([]);
  });

  it('names the shop', () => {
    const files = sourcesOf('app').filter((file) => !file.startsWith('app/generated/') && !(file in OF_ALL_SHOPS));
    const judged = files.flatMap((file) => {
      const text = readFileSync(join(PROJECT_DIR, file), 'utf8');
      // Most files ask nothing, and are not worth taking apart.
      return text.match(NAMED_TABLE) || /\b(?:db|prisma)\.\w+\.\w+\(/.test(text) ? [shoplessQueries(file, text)] : [];
    });
    expect(judged.flatMap(({ found }) => found)).toEqual([]);
    expect(judged.reduce((sum, { queries }) => sum + queries, 0)).toBeGreaterThan(400);
  });
});
