import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { parse } from 'csv-parse/sync';
import { Temporal } from 'temporal-polyfill';

import type { OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import { exportFile } from './orders-export-file.ts';
import type { ExportRow } from './orders-export-file.ts';

interface SaleLine {
  InvoiceNo: string;
  StockCode: string;
  Description: string;
  Quantity: string;
  InvoiceDate: string;
  UnitPrice: string;
  CustomerID: string;
  Country: string;
}

export interface OnlineRetailSales {
  validLines: number;
  /** As a Shopify orders export. */
  csv: string;
  /** The same orders, for definitions that are computed another way. */
  rows: OrderRow[];
}

/**
 * UCI Online Retail with the filter that most publications use (a customer, no cancellation, quantity and price above
 * zero), as a Shopify orders export. Prices have a third digit: an order is worth the sum of its lines, rounded to pence.
 */
export function readOnlineRetailSales(csvGz: string): OnlineRetailSales {
  const lines: SaleLine[] = parse(gunzipSync(readFileSync(csvGz)), { columns: true, bom: true });
  const valid = lines.filter(
    ({ CustomerID, InvoiceNo, Quantity, UnitPrice }) =>
      CustomerID !== '' && CustomerID !== 'NA' && !InvoiceNo.startsWith('C') && Number(Quantity) > 0 && Number(UnitPrice) > 0,
  );
  const invoices = new Map<string, SaleLine[]>();
  for (const line of valid) {
    const sold = invoices.get(line.InvoiceNo);
    if (sold === undefined) invoices.set(line.InvoiceNo, [line]);
    else sold.push(line);
  }
  const orders = [...invoices].map(([invoiceNo, sold]) => orderOf(invoiceNo, sold));
  return {
    validLines: valid.length,
    csv: exportFile(orders.flatMap(({ exportRows }) => exportRows)),
    rows: orders.map(({ row }) => row),
  };
}

function orderOf(invoiceNo: string, sold: readonly SaleLine[]): { exportRows: ExportRow[]; row: OrderRow } {
  const tenthsOfMinor = sold.reduce((sum, { Quantity, UnitPrice }) => sum + Number(Quantity) * Math.round(Number(UnitPrice) * 1000), 0);
  const valueMinor = Math.round(tenthsOfMinor / 10);
  const startedAt = sold.map(({ InvoiceDate }) => InvoiceDate).reduce((first, next) => (next < first ? next : first));
  const zoned = Temporal.PlainDateTime.from(startedAt).toZonedDateTime('Europe/London');
  const { CustomerID: customer = '', Country: country = '' } = sold[0] ?? {};
  const subtotal = (valueMinor / 100).toFixed(2);
  const orderFields = {
    'Financial Status': 'paid',
    Currency: 'GBP',
    Subtotal: subtotal,
    Shipping: '0.00',
    Taxes: '0.00',
    Total: subtotal,
    'Created at': `${startedAt.replace('T', ' ')} ${zoned.offset.replace(':', '')}`,
    'Shipping Country': country,
  };
  const exportRows = sold.map((line, index) => ({
    Name: `#${invoiceNo}`,
    Email: `${customer}@customers.example`,
    ...(index === 0 ? orderFields : {}),
    'Lineitem quantity': line.Quantity,
    'Lineitem name': line.Description,
    'Lineitem price': line.UnitPrice,
    'Lineitem sku': line.StockCode,
  }));
  const row = {
    orderId: Number(invoiceNo),
    customerKey: `${customer}@customers.example`,
    processedAtMs: zoned.epochMilliseconds,
    valueMinor,
    country,
    region: null,
    channel: null,
    discountCode: null,
    presentmentCurrency: 'GBP',
  };
  return { exportRows, row };
}
