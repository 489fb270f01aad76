import { EXPORT_COLUMNS } from './export-header.ts';
import type { ExportColumn } from './export-header.ts';

const PLACES: ReadonlyMap<ExportColumn, number> = new Map(EXPORT_COLUMNS.map((column, place) => [column, place]));
const LINE_COLUMNS: ReadonlySet<ExportColumn> = new Set([
  'Lineitem quantity', 'Lineitem name', 'Lineitem price', 'Lineitem sku',
]);
/** Shopify repeats these on every row of an order; only the other order-level fields tell its first row. */
const REPEATED: ReadonlySet<ExportColumn> = new Set(['Name', 'Email', 'Created at', 'Id']);
const ORDER_PLACES = EXPORT_COLUMNS.flatMap((column, place) => (LINE_COLUMNS.has(column) ? [] : [place]));
const TELLING_PLACES = EXPORT_COLUMNS.flatMap((column, place) =>
  LINE_COLUMNS.has(column) || REPEATED.has(column) ? [] : [place],
);

const [NAME, ID] = [placeOf('Name'), placeOf('Id')];
const [QUANTITY, TITLE, PRICE, SKU] = [
  placeOf('Lineitem quantity'), placeOf('Lineitem name'), placeOf('Lineitem price'), placeOf('Lineitem sku'),
];

function placeOf(column: ExportColumn): number {
  return PLACES.get(column) ?? -1;
}

export interface DraftLine {
  line: number;
  quantity: string;
  title: string;
  price: string;
  sku: string;
}

/** The rows of one order as they come. An order-level field is the first that is not empty, on whatever row. */
export class OrderDraft {
  /** Of its first row. */
  readonly line: number;
  readonly lines: DraftLine[] = [];
  readonly #fields: string[];

  constructor(line: number, cells: readonly string[]) {
    this.line = line;
    this.#fields = cells.map((cell) => cell.trim());
    this.#addLine(line, cells);
  }

  field(column: ExportColumn): string {
    return this.#fields[placeOf(column)] ?? '';
  }

  /** Another row of this order has its name and id, or leaves them empty. */
  isContinuedBy(cells: readonly string[]): boolean {
    const name = cellAt(cells, NAME);
    const id = cellAt(cells, ID);
    const ownId = this.field('Id');
    if (name === '' && id === '') return !TELLING_PLACES.some((place) => cellAt(cells, place) !== '');
    return (name === '' || name === this.field('Name')) && (id === '' || ownId === '' || id === ownId);
  }

  addRow(line: number, cells: readonly string[]): void {
    for (const place of ORDER_PLACES) {
      if (this.#fields[place] === '') this.#fields[place] = cellAt(cells, place);
    }
    this.#addLine(line, cells);
  }

  /** Whether any of its rows was an order's first, which has more than the fields that all rows share. */
  get hasOrderFields(): boolean {
    return TELLING_PLACES.some((place) => (this.#fields[place] ?? '') !== '');
  }

  #addLine(line: number, cells: readonly string[]): void {
    const [quantity, title] = [cellAt(cells, QUANTITY), cellAt(cells, TITLE)];
    const [price, sku] = [cellAt(cells, PRICE), cellAt(cells, SKU)];
    if (quantity !== '' || title !== '' || sku !== '') this.lines.push({ line, quantity, title, price, sku });
  }
}

function cellAt(cells: readonly string[], place: number): string {
  return (cells[place] ?? '').trim();
}
