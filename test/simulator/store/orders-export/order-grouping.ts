import type { Currency } from '../../state.ts';
import type { ExportCatalogue } from './catalogue.ts';
import type { ExportRow } from './fields.ts';
import { readOrderDraft, type OrderDraft } from './order-draft.ts';

/** Rows of an order that is left out are left out with it. */
interface Entry {
  name: string;
  idText: string;
  createdText: string;
  draft: OrderDraft | null;
}

interface GroupingSetting {
  fallbackCurrency: Currency | null;
  catalogue: ExportCatalogue;
  keep: (text: string) => string;
}

const ORDER_LEVEL = ['Financial Status', 'Subtotal', 'Total'] as const;

/** Null when it is no whole number from zero up. */
function parseQuantity(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** Gathers the rows of an export into orders, by Name and, where the file has it, Id. */
export class OrderGrouping {
  readonly drafts: OrderDraft[] = [];
  ordersLeftOut = 0;
  linesLeftOut = 0;
  readonly #setting: GroupingSetting;
  readonly #byName = new Map<string, Entry[]>();
  #current: Entry | null = null;

  constructor(setting: GroupingSetting) {
    this.#setting = setting;
  }

  add(row: ExportRow): void {
    const name = row.text('Name');
    if (name === '') {
      row.report('Name is empty; the row is left out.');
      this.linesLeftOut += 1;
      return;
    }
    if (name === 'Name' && row.text('Created at') === 'Created at') {
      row.report('The header is repeated, as if files had been joined.');
      return;
    }
    const entry = this.#entryFor(row, name);
    if (entry.draft === null) this.linesLeftOut += 1;
    else this.#addLine(row, entry.draft);
  }

  #entryFor(row: ExportRow, name: string): Entry {
    if (this.#current !== null && this.#current.name === name && this.#isSame(this.#current, row)) return this.#current;
    this.#current = null;
    const namesakes = this.#byName.get(name) ?? [];
    const same = namesakes.find((entry) => this.#isSame(entry, row));
    if (same !== undefined) {
      const isLineOnly = ORDER_LEVEL.every((column) => row.text(column) === '');
      if (isLineOnly) return same;
      // Directly under its order this would be the same fields repeated on each row; further down it is a second copy.
      row.report(`Name: order ${name} is in the file twice; the second is left out.`);
      return this.#leftOut(row, name);
    }
    if (namesakes.length > 0) row.report(`Name: another order is called ${name} too; both are read.`);
    const { fallbackCurrency, keep } = this.#setting;
    const draft = readOrderDraft(row, fallbackCurrency, keep);
    if (draft === null) return this.#leftOut(row, name);
    this.drafts.push(draft);
    return this.#remember(draft, draft);
  }

  #isSame(entry: Entry, row: ExportRow): boolean {
    const idText = row.text('Id');
    if (idText !== '' && entry.idText !== '') return idText === entry.idText;
    const createdText = row.text('Created at');
    return createdText === '' || createdText === entry.createdText;
  }

  #leftOut(row: ExportRow, name: string): Entry {
    this.ordersLeftOut += 1;
    const { keep } = this.#setting;
    return this.#remember(
      { name: keep(name), idText: keep(row.text('Id')), createdText: keep(row.text('Created at')) },
      null,
    );
  }

  #remember(identity: Omit<Entry, 'draft'>, draft: OrderDraft | null): Entry {
    const { name, idText, createdText } = identity;
    const entry = { name, idText, createdText, draft };
    this.#current = entry;
    const namesakes = this.#byName.get(name);
    if (namesakes === undefined) this.#byName.set(name, [entry]);
    else namesakes.push(entry);
    return entry;
  }

  #addLine(row: ExportRow, draft: OrderDraft): void {
    const quantityText = row.text('Lineitem quantity');
    const priceText = row.text('Lineitem price');
    const title = row.text('Lineitem name');
    const sku = row.text('Lineitem sku');
    if (quantityText === '' && priceText === '' && title === '') return;
    const quantity = parseQuantity(quantityText);
    if (quantity === null) row.report(`Lineitem quantity: “${quantityText}” is not a quantity; the line is left out.`);
    if (priceText === '') row.report('Lineitem price is empty; the line is left out.');
    const unitMinor = row.amountMinor('Lineitem price', draft.currency);
    if (quantity === null || unitMinor === null || !Number.isSafeInteger(quantity * unitMinor)) {
      this.linesLeftOut += 1;
      return;
    }
    // Shopify leaves what an edit took out as a line of none.
    if (quantity === 0) return;
    const { catalogue, keep } = this.#setting;
    const shown = title || sku || 'Untitled';
    draft.lines.push({ item: catalogue.itemOf(sku, shown, unitMinor), title: keep(shown), quantity, unitMinor });
  }
}
