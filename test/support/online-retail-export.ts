import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

/** A cancelled or returned amount that no earlier order of the same customer could give back. */
export interface UnmatchedRefund {
  invoice: string;
  stockCode: string;
  customerId: string | null;
  /** What is left after the orders that did match, in pence. */
  amountMinor: number;
  reason: 'no-customer' | 'no-earlier-order';
}

export interface OnlineRetailExport {
  orders: number;
  /** Line items over all orders. */
  lines: number;
  /** Lines of cancellation invoices that went back to earlier orders in full. */
  refundsMatched: number;
  refundsUnmatched: UnmatchedRefund[];
}

export interface OnlineRetailRefunds {
  /** In pence. */
  refunds: { atMs: number; amountMinor: number }[];
  /** Nothing of the order is left. */
  isWhole: boolean;
}

interface InvoiceLine {
  stockCode: string;
  title: string;
  quantity: number;
  unitMinor: number;
  /** What can still be given back. */
  remainingMinor: number;
}

interface Invoice {
  number: string;
  customerId: string | null;
  country: string;
  /** London's wall clock, `2010-12-01T08:26:00`. */
  localTime: string;
  lines: InvoiceLine[];
  refundedMinor: number;
  /** What makes `refundedMinor`: by cancellation invoice, in rising order of time. */
  refunds: { invoice: string; localTime: string; amountMinor: number }[];
}

interface Cancellation {
  invoice: string;
  customerId: string | null;
  stockCode: string;
  localTime: string;
  amountMinor: number;
}

const COUNTRY_CODES: Readonly<Record<string, string>> = {
  Australia: 'AU', Austria: 'AT', Bahrain: 'BH', Belgium: 'BE', Brazil: 'BR', Canada: 'CA', Cyprus: 'CY',
  'Czech Republic': 'CZ', Denmark: 'DK', EIRE: 'IE', Finland: 'FI', France: 'FR', Germany: 'DE', Greece: 'GR',
  'Hong Kong': 'HK', Iceland: 'IS', Israel: 'IL', Italy: 'IT', Japan: 'JP', Lebanon: 'LB', Lithuania: 'LT', Malta: 'MT',
  Netherlands: 'NL', Norway: 'NO', Poland: 'PL', Portugal: 'PT', RSA: 'ZA', 'Saudi Arabia': 'SA', Singapore: 'SG',
  Spain: 'ES', Sweden: 'SE', Switzerland: 'CH', USA: 'US', 'United Arab Emirates': 'AE', 'United Kingdom': 'GB',
};

const rowSchema = z.object({
  InvoiceNo: z.string(),
  StockCode: z.string(),
  Description: z.string(),
  Quantity: z.string().regex(/^-?\d+$/),
  InvoiceDate: z.string(),
  UnitPrice: z.string().regex(/^-?\d+(\.\d+)?$/),
  CustomerID: z.string(),
  Country: z.string(),
});

/** Pence, half up; the file has four prices of a tenth of a penny, which become nothing. */
function penceOf(price: string): number {
  const [pounds = '0', decimals = ''] = price.split('.');
  const digits = decimals.padEnd(3, '0');
  const pence = Math.abs(Number(pounds)) * 100 + Number(digits.slice(0, 2)) + (digits.charAt(2) >= '5' ? 1 : 0);
  return price.startsWith('-') ? -pence : pence;
}

async function readInvoices(inputCsvGz: string): Promise<{ invoices: Invoice[]; cancellations: Cancellation[] }> {
  const invoices = new Map<string, Invoice>();
  const cancellations: Cancellation[] = [];
  const titles = new Map<string, string>();
  const collect = (row: z.infer<typeof rowSchema>) => {
    const quantity = Number(row.Quantity);
    const customerId = row.CustomerID === '' || row.CustomerID === 'NA' ? null : row.CustomerID;
    const unitMinor = penceOf(row.UnitPrice);
    if (row.InvoiceNo.startsWith('C')) {
      const amountMinor = -quantity * unitMinor;
      cancellations.push({
        invoice: row.InvoiceNo,
        customerId,
        stockCode: row.StockCode,
        localTime: row.InvoiceDate,
        amountMinor,
      });
      return;
    }
    if (quantity <= 0 || !(Number(row.UnitPrice) > 0)) return;
    let invoice = invoices.get(row.InvoiceNo);
    if (invoice === undefined) {
      invoice = {
        number: row.InvoiceNo,
        customerId,
        country: row.Country,
        localTime: row.InvoiceDate,
        lines: [],
        refundedMinor: 0,
        refunds: [],
      };
      invoices.set(row.InvoiceNo, invoice);
    }
    // A few invoices were still being keyed in when the minute changed.
    if (row.InvoiceDate < invoice.localTime) invoice.localTime = row.InvoiceDate;
    const title = titles.get(row.Description) ?? row.Description;
    titles.set(title, title);
    invoice.lines.push({ stockCode: row.StockCode, title, quantity, unitMinor, remainingMinor: quantity * unitMinor });
  };
  await pipeline(
    createReadStream(inputCsvGz),
    createGunzip(),
    parse({ columns: true, bom: true }),
    async (rows: AsyncIterable<unknown>) => {
      for await (const row of rows) collect(rowSchema.parse(row));
    },
  );
  return { invoices: [...invoices.values()], cancellations };
}

/** Gives each cancelled amount back to the customer's latest earlier orders that contain the stock code. */
function matchRefunds(invoices: readonly Invoice[], cancellations: readonly Cancellation[]) {
  const bought = new Map<string, { invoice: Invoice; line: InvoiceLine }[]>();
  const oldestFirst = [...invoices].sort((a, b) => Date.parse(`${a.localTime}Z`) - Date.parse(`${b.localTime}Z`));
  for (const invoice of oldestFirst) {
    if (invoice.customerId === null) continue;
    for (const line of invoice.lines) {
      const key = `${invoice.customerId} ${line.stockCode}`;
      const known = bought.get(key);
      if (known === undefined) bought.set(key, [{ invoice, line }]);
      else known.push({ invoice, line });
    }
  }
  let refundsMatched = 0;
  const refundsUnmatched: UnmatchedRefund[] = [];
  for (const { invoice: cancelling, customerId, stockCode, localTime, amountMinor } of cancellations) {
    let leftMinor = amountMinor;
    const candidates = customerId === null ? [] : (bought.get(`${customerId} ${stockCode}`) ?? []);
    for (const { invoice, line } of [...candidates].reverse()) {
      if (invoice.localTime >= localTime) continue;
      const backMinor = Math.min(leftMinor, line.remainingMinor);
      line.remainingMinor -= backMinor;
      if (backMinor > 0) giveBack(invoice, { invoice: cancelling, localTime, amountMinor: backMinor });
      leftMinor -= backMinor;
    }
    if (leftMinor === 0) {
      refundsMatched += 1;
      continue;
    }
    const reason = customerId === null ? 'no-customer' : 'no-earlier-order';
    refundsUnmatched.push({ invoice: cancelling, stockCode, customerId, amountMinor: leftMinor, reason });
  }
  return { refundsMatched, refundsUnmatched };
}

function giveBack(to: Invoice, refund: Invoice['refunds'][number]): void {
  to.refundedMinor += refund.amountMinor;
  const same = to.refunds.find(({ invoice }) => invoice === refund.invoice);
  if (same === undefined) to.refunds.push(refund);
  else same.amountMinor += refund.amountMinor;
}

/** By invoice number, the refunds of `writeOnlineRetailExport` that found it, in rising order of time. */
export async function readOnlineRetailRefunds(inputCsvGz: string): Promise<Map<string, OnlineRetailRefunds>> {
  const { invoices, cancellations } = await readInvoices(inputCsvGz);
  matchRefunds(invoices, cancellations);
  const refunded = invoices.filter(({ refunds }) => refunds.length > 0);
  return new Map(
    refunded.map(({ number, refunds, lines }) => {
      const inTime = refunds.map(({ localTime, amountMinor }) => ({ atMs: londonTime(localTime).epochMilliseconds, amountMinor }));
      return [number, { refunds: inTime.sort((a, b) => a.atMs - b.atMs), isWhole: lines.every(({ remainingMinor }) => remainingMinor === 0) }];
    }),
  );
}

const HEADER = [
  'Name', 'Email', 'Financial Status', 'Paid at', 'Fulfillment Status', 'Fulfilled at', 'Currency', 'Subtotal',
  'Shipping', 'Taxes', 'Total', 'Discount Code', 'Discount Amount', 'Created at', 'Lineitem quantity', 'Lineitem name',
  'Lineitem price', 'Lineitem sku', 'Billing Country', 'Shipping Country', 'Cancelled at', 'Refunded Amount', 'Tags',
  'Source',
] as const;

type ExportRow = Partial<Record<(typeof HEADER)[number], string>>;

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function poundsOf(minor: number): string {
  const digits = String(minor).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** `2011-06-01 09:30:00 +0100`, as Shopify writes an instant. */
function londonInstant(localTime: string): string {
  return `${localTime.replace('T', ' ')} ${londonTime(localTime).offset.replace(':', '')}`;
}

function londonTime(localTime: string): Temporal.ZonedDateTime {
  return Temporal.PlainDateTime.from(localTime).toZonedDateTime('Europe/London');
}

function orderRow(invoice: Invoice): ExportRow {
  const totalMinor = invoice.lines.reduce((sum, line) => sum + line.quantity * line.unitMinor, 0);
  const createdAt = londonInstant(invoice.localTime);
  const country = COUNTRY_CODES[invoice.country] ?? '';
  const isReturned = invoice.refundedMinor === totalMinor && totalMinor > 0;
  return {
    'Financial Status': isReturned ? 'refunded' : invoice.refundedMinor > 0 ? 'partially_refunded' : 'paid',
    'Paid at': createdAt,
    'Fulfillment Status': 'fulfilled',
    'Fulfilled at': createdAt,
    Currency: 'GBP',
    Subtotal: poundsOf(totalMinor),
    Shipping: '0.00',
    Taxes: '0.00',
    Total: poundsOf(totalMinor),
    'Discount Amount': '0.00',
    'Created at': createdAt,
    'Billing Country': country,
    'Shipping Country': country,
    'Refunded Amount': poundsOf(invoice.refundedMinor),
    Source: 'web',
  };
}

function* exportText(invoices: readonly Invoice[]): Generator<string> {
  yield `${HEADER.join(',')}\n`;
  for (const invoice of invoices) {
    const identity: ExportRow = {
      Name: `#${invoice.number}`,
      Email: invoice.customerId === null ? '' : `${invoice.customerId}@customers.example`,
    };
    const rows = invoice.lines.map((line, index): ExportRow => ({
      ...identity,
      ...(index === 0 ? orderRow(invoice) : {}),
      'Lineitem quantity': String(line.quantity),
      'Lineitem name': line.title === '' ? line.stockCode : line.title,
      'Lineitem price': poundsOf(line.unitMinor),
      'Lineitem sku': line.stockCode,
    }));
    yield rows.map((row) => `${HEADER.map((column) => quoted(row[column] ?? '')).join(',')}\n`).join('');
  }
}

/**
 * Turns the UCI Online Retail file (`InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID,
 * Country`, gzipped) into a Shopify orders export in GBP; gzipped too when its name ends in `.gz`. Orders keep the
 * file's sequence. Lines without a positive quantity and price are left out, and with them invoices that have no
 * other. A returned amount goes to the customer's latest order before it that has the stock code, capped at what
 * that line still holds; the rest goes to the one before. What finds no order is listed in the result.
 */
export async function writeOnlineRetailExport(inputCsvGz: string, outputCsv: string): Promise<OnlineRetailExport> {
  const { invoices, cancellations } = await readInvoices(inputCsvGz);
  const refunds = matchRefunds(invoices, cancellations);
  const output = createWriteStream(outputCsv);
  const text = Readable.from(exportText(invoices));
  if (outputCsv.endsWith('.gz')) await pipeline(text, createGzip(), output);
  else await pipeline(text, output);
  const lines = invoices.reduce((sum, invoice) => sum + invoice.lines.length, 0);
  return { orders: invoices.length, lines, ...refunds };
}
