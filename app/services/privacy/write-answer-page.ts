import { decimalOfMinorUnits } from '#app/domain/money/decimal-of-minor-units.ts';
import { ANSWER_PARTS, type DataAnswer } from '#app/services/privacy/data-answer.ts';

export type AnswerPart = (typeof ANSWER_PARTS)[number];

export interface AnswerWords {
  language: string;
  title: string;
  lead: string;
  leftOut: string | null;
  part: (part: AnswerPart) => string;
  field: (name: string) => string;
  none: string;
}

type Row = Record<string, unknown>;

/** Ours, and of no use to anybody else. */
export const HIDDEN_FIELDS: readonly string[] = ['shopId', 'importId', 'discountKey', 'ruleId', 'attempts', 'notBefore', 'lastError', 'deletionAskedAt', 'tidiedAt'];

/**
 * The answer as a document that anybody can open and print: one file, nothing that runs, nothing fetched. Every text in
 * it is a stranger's, so all of them are escaped.
 */
export function writeAnswerPage(answer: DataAnswer, words: AnswerWords): string {
  const currencies = new Map(answer.orders.map((order) => [String(order.orderId), String(order.currency)]));
  const currencyOf = (row: Row) => (typeof row.currency === 'string' ? row.currency : currencies.get(String(row.orderId)));
  const parts = ANSWER_PARTS.filter((part) => answer[part].length > 0).map((part) => {
    const records = answer[part].map((row) => `<dl>${fieldsOf(row, currencyOf(row), words)}</dl>`);
    return `<section><h2>${escape(words.part(part))} (${records.length})</h2>${records.join('\n')}</section>`;
  });
  return `<!doctype html>
<html lang="${escape(words.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(words.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(words.title)}</h1>
<p>${escape(words.lead)}</p>
${words.leftOut === null ? '' : `<p>${escape(words.leftOut)}</p>`}
${parts.join('\n')}
</body>
</html>
`;
}

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
h2 { margin-top: 2rem; font-size: 1.25rem; }
dl { display: grid; grid-template-columns: min(16rem, 40%) 1fr; gap: 0.25rem 1rem; margin: 1rem 0; padding: 0.75rem 1rem; border: 1px solid #ccc; border-radius: 8px; break-inside: avoid; }
dt { color: #555; }
dd { margin: 0; overflow-wrap: anywhere; }`;

function fieldsOf(row: Row, currency: string | undefined, words: AnswerWords): string {
  return Object.entries(row)
    .filter(([name]) => !HIDDEN_FIELDS.includes(name))
    .map(([name, value]) => `<dt>${escape(words.field(name))}</dt><dd>${escape(textOf(name, value, currency) ?? words.none)}</dd>`)
    .join('\n');
}

function textOf(name: string, value: unknown, currency: string | undefined): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(String).join(', ');
  if (name.endsWith('Minor') && currency !== undefined) return `${decimalOfMinorUnits(Number(value), currency)} ${currency}`;
  if (name === 'percentBasisPoints') return `${Number(value) / 100} %`;
  return String(value);
}

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
