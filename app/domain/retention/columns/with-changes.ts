import { OrderColumnsBuilder } from './order-columns-builder.ts';
import { customerKeyAt, dimensionAt, msOfSeconds } from './order-columns.ts';
import type { OrderColumns, OrderRow } from './order-columns.ts';

export function refreshOrderColumns(columns: OrderColumns, counted: readonly OrderRow[], goneIds: readonly number[]): OrderColumns {
  const changed = new Set([...goneIds, ...counted.map(({ orderId }) => orderId)]);
  const builder = new OrderColumnsBuilder(columns);
  const { customerCount, customerOffsets, orderCount } = columns;
  let customer = 0;
  for (let order = 0; order < orderCount; order += 1) {
    while (customer < customerCount && order >= (customerOffsets[customer + 1] ?? NaN)) customer += 1;
    const orderId = columns.orderIds[order] ?? NaN;
    if (changed.has(orderId)) continue;
    builder.append({
      orderId,
      customerKey: customer < customerCount ? customerKeyAt(columns, customer) : null,
      processedAtMs: msOfSeconds(columns.instantSeconds[order] ?? NaN),
      valueMinor: columns.valuesMinor[order] ?? NaN,
      country: dimensionAt(columns, 'country', order),
      region: dimensionAt(columns, 'region', order),
      channel: dimensionAt(columns, 'channel', order),
      discountCode: dimensionAt(columns, 'discountCode', order),
      presentmentCurrency: dimensionAt(columns, 'presentmentCurrency', order),
    });
  }
  for (const row of counted) builder.append(row);
  return builder.build();
}
