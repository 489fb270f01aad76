import { OrderColumnsBuilder } from '#app/domain/retention/columns/order-columns-builder.ts';
import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { CHANNELS, COUNTRIES, CURRENCY, DISCOUNT_CODES, TIME_ZONE, customerIdOf, orderIdAt } from './generate-orders.ts';
import type { GeneratedOrders } from './generate-orders.ts';

/** The columns as a reading of the database would make them, without the database. */
export function columnsOf(orders: GeneratedOrders): OrderColumns {
  const builder = new OrderColumnsBuilder({ timeZone: TIME_ZONE, currency: CURRENCY });
  for (let order = 0; order < orders.count; order += 1) {
    const customer = orders.customers[order] ?? NaN;
    const country = COUNTRIES[orders.countries[order] ?? NaN] ?? null;
    builder.append({
      orderId: orderIdAt(order),
      customerKey: customer === -1 ? null : customerIdOf(customer),
      processedAtMs: (orders.instantSeconds[order] ?? NaN) * 1000,
      valueMinor: orders.valuesMinor[order] ?? NaN,
      country,
      region: `${country}-P${orders.provinces[order]}`,
      channel: CHANNELS[orders.channels[order] ?? NaN] ?? null,
      discountCode: DISCOUNT_CODES[orders.discountCodes[order] ?? NaN] || null,
      presentmentCurrency: CURRENCY,
    });
  }
  return builder.build();
}
