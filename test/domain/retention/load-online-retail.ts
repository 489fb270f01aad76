import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Temporal } from 'temporal-polyfill';
import type { OrderRow } from '#app/domain/retention/columns/order-columns.ts';

/**
 * UCI Online Retail (Chen, Sain and Guo 2012; CC BY 4.0): a real year of a gift merchant, its invoices as orders.
 */
const DATA = join(import.meta.dirname, '../../../../shared/data/online_retail.csv.gz');
export const ONLINE_RETAIL_SHOP = { timeZone: 'Europe/London', currency: 'GBP' };
export const ONLINE_RETAIL_AS_OF = '2011-12-09';
/** Empty when the data are here; else what the name of a test ends with. */
export const ONLINE_RETAIL_MISSING = existsSync(DATA)
  ? ''
  : ' (skipped: ../shared/data/online_retail.csv.gz is not here)';

const LINE = /^"([^"]*)","[^"]*",(?:"(?:[^"]|"")*"|[^",]*),(-?\d+),"([^"]*)",([^,]*),"?(\d*|NA)"?,"?([^"]*)"?$/;

interface Invoice {
  customerKey: number;
  /** London time. */
  startedAt: string;
  /** Prices have up to three digits: the sum is in tenths of a penny. */
  tenthsOfMinor: number;
  country: string;
}

interface OnlineRetail {
  validLines: number;
  rows: OrderRow[];
}

let loaded: OnlineRetail | null = null;

export function loadOnlineRetail(): OnlineRetail {
  if (loaded !== null) return loaded;
  const invoices = new Map<string, Invoice>();
  let validLines = 0;
  for (const line of gunzipSync(readFileSync(DATA)).toString('utf8').split('\n').slice(1)) {
    if (line === '') continue;
    const match = LINE.exec(line.trimEnd());
    if (match === null) throw new Error(`a line that is no invoice line: ${line}`);
    const [, invoiceNo = '', quantity = '', startedAt = '', price = '', customer = '', country = ''] = match;
    const tenths = Math.round(Number(price) * 1000);
    if (customer === '' || customer === 'NA' || invoiceNo.startsWith('C')) continue;
    if (Number(quantity) <= 0 || tenths <= 0) continue;
    validLines += 1;
    const invoice = invoices.get(invoiceNo) ?? { customerKey: Number(customer), startedAt, tenthsOfMinor: 0, country };
    invoice.tenthsOfMinor += Number(quantity) * tenths;
    if (startedAt < invoice.startedAt) invoice.startedAt = startedAt;
    invoices.set(invoiceNo, invoice);
  }
  loaded = { validLines, rows: [...invoices].map(([invoiceNo, invoice]) => orderRow(invoiceNo, invoice)) };
  return loaded;
}

function orderRow(invoiceNo: string, { customerKey, startedAt, tenthsOfMinor, country }: Invoice): OrderRow {
  return {
    orderId: Number(invoiceNo),
    customerKey,
    processedAtMs: Temporal.PlainDateTime.from(startedAt).toZonedDateTime(ONLINE_RETAIL_SHOP.timeZone).epochMilliseconds,
    valueMinor: Math.round(tenthsOfMinor / 10),
    country,
    region: null,
    channel: null,
    discountCode: null,
    presentmentCurrency: 'GBP',
  };
}
