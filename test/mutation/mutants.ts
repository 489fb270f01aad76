import ts from 'typescript';

/** One small fault in one place of a file. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

const SWAPS: ReadonlyMap<ts.SyntaxKind, readonly string[]> = new Map([
  [ts.SyntaxKind.LessThanToken, ['<=', '>=']],
  [ts.SyntaxKind.LessThanEqualsToken, ['<', '>']],
  [ts.SyntaxKind.GreaterThanToken, ['>=', '<=']],
  [ts.SyntaxKind.GreaterThanEqualsToken, ['>', '<']],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, ['!==']],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, ['===']],
  [ts.SyntaxKind.PlusToken, ['-']],
  [ts.SyntaxKind.MinusToken, ['+']],
  [ts.SyntaxKind.AsteriskToken, ['+']],
  [ts.SyntaxKind.AmpersandAmpersandToken, ['||']],
  [ts.SyntaxKind.BarBarToken, ['&&']],
  [ts.SyntaxKind.PlusEqualsToken, ['-=']],
  [ts.SyntaxKind.MinusEqualsToken, ['+=']],
]);
const METHODS: ReadonlyMap<string, string> = new Map([['min', 'max'], ['max', 'min'], ['some', 'every'], ['every', 'some']]);

/** All of a source, in the order in which they stand. */
export function mutantsOf(text: string): Mutant[] {
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  const add = (node: ts.Node, replacement: string): void => {
    mutants.push({ start: node.getStart(), end: node.getEnd(), replacement });
  };
  const visit = (node: ts.Node): void => {
    // Types do not run, and what an error says changes nothing.
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isNewExpression(node) && node.expression.getText().endsWith('Error')) return;
    for (const replacement of replacementsOf(node)) add(node, replacement);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mutants;
}

function replacementsOf(node: ts.Node): readonly string[] {
  if (ts.isBinaryExpression(node)) {
    const [left, right] = [node.left.getText(), node.right.getText()];
    return (SWAPS.get(node.operatorToken.kind) ?? []).map((operator) => `${left} ${operator} ${right}`);
  }
  if (ts.isPrefixUnaryExpression(node)) {
    const isSign = node.operator === ts.SyntaxKind.MinusToken || node.operator === ts.SyntaxKind.ExclamationToken;
    return isSign ? [node.operand.getText()] : [];
  }
  if (ts.isNumericLiteral(node)) return [node.text === '0' ? '1' : '0'];
  if (node.kind === ts.SyntaxKind.TrueKeyword) return ['false'];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return ['true'];
  if (ts.isConditionalExpression(node)) return [node.whenTrue.getText(), node.whenFalse.getText()].map((text) => `(${text})`);
  if (ts.isIdentifier(node) && ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) {
    const other = METHODS.get(node.text);
    return other === undefined ? [] : [other];
  }
  // Whatever comes after an early end then runs; an assignment or a call is forgotten.
  if (ts.isIfStatement(node) && node.elseStatement === undefined) return [''];
  if (ts.isExpressionStatement(node)) return [''];
  return [];
}
