/** Shopify's search syntax: `updated_at:>=2026-01-01 (tag:a OR tag:b) -status:closed "free text"`. */
export type SearchNode =
  | { kind: 'all' }
  | { kind: 'and' | 'or'; parts: SearchNode[] }
  | { kind: 'not'; part: SearchNode }
  | { kind: 'term'; field: string | null; operator: SearchOperator; value: string };

export type SearchOperator = '=' | '>' | '>=' | '<' | '<=';

/** Values of a field of one record; undefined when the record has no such field. */
export type FieldReader = (field: string) => readonly (string | number | boolean | null)[] | undefined;

interface Token {
  kind: '(' | ')' | 'or' | 'and' | 'not' | 'term';
  text: string;
}

const tokenPattern =
  /\s*(?:([()])|(-)(?=\S)|((?:[A-Za-z_][\w.]*:)?(?:>=|<=|>|<|=)?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s()]+)))/y;

/** @throws Error on unbalanced brackets. */
export function parseSearch(text: string): SearchNode {
  const tokens = tokenize(text);
  let position = 0;
  const peek = (): Token | undefined => tokens[position];

  const parseOr = (): SearchNode => {
    const parts = [parseAnd()];
    while (peek()?.kind === 'or') {
      position += 1;
      parts.push(parseAnd());
    }
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'or', parts };
  };
  const parseAnd = (): SearchNode => {
    const parts: SearchNode[] = [];
    for (let token = peek(); token && token.kind !== 'or' && token.kind !== ')'; token = peek()) {
      if (token.kind === 'and') position += 1;
      else parts.push(parseUnary());
    }
    return parts.length === 1 && parts[0] ? parts[0] : parts.length === 0 ? { kind: 'all' } : { kind: 'and', parts };
  };
  const parseUnary = (): SearchNode => {
    const token = peek();
    position += 1;
    if (token?.kind === 'not') return { kind: 'not', part: parseUnary() };
    if (token?.kind === '(') {
      const inner = parseOr();
      if (peek()?.kind !== ')') throw new Error('A bracket is not closed in the search query.');
      position += 1;
      return inner;
    }
    if (token?.kind !== 'term') throw new Error('The search query cannot be read.');
    return readTerm(token.text);
  };

  const tree = parseOr();
  if (position < tokens.length) throw new Error('A bracket closes nothing in the search query.');
  return tree;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  for (let match = tokenPattern.exec(text); match; match = tokenPattern.exec(text)) {
    const [, bracket, minus, word = ''] = match;
    if (bracket === '(' || bracket === ')') tokens.push({ kind: bracket, text: bracket });
    else if (minus !== undefined) tokens.push({ kind: 'not', text: '-' });
    else if (word === 'OR') tokens.push({ kind: 'or', text: word });
    else if (word === 'AND') tokens.push({ kind: 'and', text: word });
    else if (word === 'NOT') tokens.push({ kind: 'not', text: word });
    else tokens.push({ kind: 'term', text: word });
  }
  return tokens;
}

function readTerm(text: string): SearchNode {
  const match = /^(?:([A-Za-z_][\w.]*):)?(>=|<=|>|<|=)?([\s\S]*)$/.exec(text);
  const operator = match?.[2] ?? '=';
  return {
    kind: 'term',
    field: match?.[1] ?? null,
    operator: isOperator(operator) ? operator : '=',
    value: unquote(match?.[3] ?? ''),
  };
}

function isOperator(text: string): text is SearchOperator {
  return ['=', '>', '>=', '<', '<='].includes(text);
}

function unquote(text: string): string {
  const quote = text[0];
  if ((quote !== '"' && quote !== "'") || !text.endsWith(quote) || text.length < 2) return text;
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}

export interface SearchSettings {
  /** Reads a date without an offset: Shopify takes the shop's zone. Returns milliseconds since 1970, or NaN. */
  parseInstant(text: string): number;
}

/** @throws UnknownSearchField when the reader has no such field. */
export function matchesSearch(node: SearchNode, read: FieldReader, settings: SearchSettings): boolean {
  switch (node.kind) {
    case 'all':
      return true;
    case 'and':
      return node.parts.every((part) => matchesSearch(part, read, settings));
    case 'or':
      return node.parts.some((part) => matchesSearch(part, read, settings));
    case 'not':
      return !matchesSearch(node.part, read, settings);
    case 'term': {
      const values = read(node.field ?? 'default');
      if (values === undefined) throw new UnknownSearchField(node.field ?? 'default');
      if (node.field !== null && node.value === '*') return values.some((value) => value !== null);
      return values.some((value) => compare(value, node.operator, node.value, settings));
    }
  }
}

export class UnknownSearchField extends Error {
  readonly field: string;

  constructor(field: string) {
    super(`The search field "${field}" is not imitated by the local Shopify.`);
    this.field = field;
  }
}

function compare(
  actual: string | number | boolean | null,
  operator: SearchOperator,
  wanted: string,
  settings: SearchSettings,
): boolean {
  if (actual === null) return false;
  if (typeof actual === 'boolean') return operator === '=' && String(actual) === wanted.toLowerCase();
  if (typeof actual === 'number') return ordered(actual - Number(wanted), operator);
  if (/^\d{4}-\d\d-\d\dT/.test(actual)) return ordered(Date.parse(actual) - settings.parseInstant(wanted), operator);
  // Payloads print amounts as text.
  const isNumeric = /^-?\d+(\.\d+)?$/;
  if (isNumeric.test(actual) && isNumeric.test(wanted)) return ordered(Number(actual) - Number(wanted), operator);
  if (operator !== '=') return ordered(actual < wanted ? -1 : actual > wanted ? 1 : 0, operator);
  const low = actual.toLowerCase();
  const sought = wanted.toLowerCase();
  return sought.endsWith('*') ? low.startsWith(sought.slice(0, -1)) : low === sought;
}

function ordered(difference: number, operator: SearchOperator): boolean {
  switch (operator) {
    case '=':
      return difference === 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
  }
}
