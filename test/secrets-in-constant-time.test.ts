import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { PROJECT_DIR } from './support/project-dir.ts';

// How long a comparison took is nothing that a test could find out on any machine, so the sources are read.

/** Where what a caller brings is held against a secret of ours. */
const COMPARERS = ['app/access/operator-access.server.ts', 'app/adapters/shopify/proofs/proxy-signature.server.ts', 'app/adapters/shopify/proofs/signed-claims.server.ts', 'app/adapters/shopify/webhook-request.server.ts'];
/** What stands on either side. */
const SECRETS = /\b(given|expected|signature|token|secret|OPERATOR_TOKEN|sha256|createHmac)\b/;
const EQUALITY: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken, ts.SyntaxKind.EqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsToken,
]);
const EARLY_ENDING = new Set(['equals', 'compare', 'startsWith', 'endsWith', 'includes', 'indexOf', 'localeCompare']);

function earlyComparisons(text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && EQUALITY.has(node.operatorToken.kind) && [node.left, node.right].every(isOfContent) && SECRETS.test(namesIn(node))) found.push(node.getText());
    const called = ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : '';
    if (EARLY_ENDING.has(called) && SECRETS.test(namesIn(node))) found.push(node.getText());
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true));
  return found;
}

/** Whether it is there, and how long it is, is no secret. */
function isOfContent(node: ts.Expression): boolean {
  const isAbsence = node.kind === ts.SyntaxKind.NullKeyword || node.getText() === 'undefined';
  return !isAbsence && !(ts.isPropertyAccessExpression(node) && node.name.text === 'length');
}

/** Without texts: `name !== 'signature'` looks at no signature. */
function namesIn(node: ts.Node): string {
  if (ts.isIdentifier(node)) return node.text;
  const names: string[] = [];
  ts.forEachChild(node, (child) => void names.push(namesIn(child)));
  return names.join(' ');
}

it.each(['given === expected', 'sha256(token).equals(sha256(secret))', 'env.OPERATOR_TOKEN?.startsWith(token)', 'signature !== createHmac(a).digest()'])(
  'would find a comparison that ends at the first difference: %s',
  (code) => {
    expect(earlyComparisons(code)).toEqual([code]);
  },
);

it('lets nobody in by a comparison that ends at the first difference', () => {
  for (const file of COMPARERS) {
    const text = readFileSync(join(PROJECT_DIR, file), 'utf8');
    expect(earlyComparisons(text), file).toEqual([]);
    expect(text, file).toContain('timingSafeEqual(');
  }
});

it('knows every file that compares', () => {
  const sources = readdirSync(join(PROJECT_DIR, 'app'), { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !name.startsWith('generated'));
  const comparing = sources.filter((name) => readFileSync(join(PROJECT_DIR, 'app', name), 'utf8').includes('timingSafeEqual'));
  expect(comparing.map((name) => `app/${name}`).sort()).toEqual(COMPARERS);
});
