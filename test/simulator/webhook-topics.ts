/** Topics whose payloads the local Shopify can make, with their GraphQL names. */
const enumByTopic: Readonly<Record<string, string>> = {
  'app/scopes_update': 'APP_SCOPES_UPDATE',
  'app/uninstalled': 'APP_UNINSTALLED',
  'bulk_operations/finish': 'BULK_OPERATIONS_FINISH',
  'customer_account_settings/update': 'CUSTOMER_ACCOUNT_SETTINGS_UPDATE',
  'customers/create': 'CUSTOMERS_CREATE',
  'customers/delete': 'CUSTOMERS_DELETE',
  'customers/merge': 'CUSTOMERS_MERGE',
  'customers/update': 'CUSTOMERS_UPDATE',
  'orders/cancelled': 'ORDERS_CANCELLED',
  'orders/create': 'ORDERS_CREATE',
  'orders/delete': 'ORDERS_DELETE',
  'orders/edited': 'ORDERS_EDITED',
  'orders/fulfilled': 'ORDERS_FULFILLED',
  'orders/paid': 'ORDERS_PAID',
  'orders/partially_fulfilled': 'ORDERS_PARTIALLY_FULFILLED',
  'orders/updated': 'ORDERS_UPDATED',
  'products/create': 'PRODUCTS_CREATE',
  'products/delete': 'PRODUCTS_DELETE',
  'products/update': 'PRODUCTS_UPDATE',
  'refunds/create': 'REFUNDS_CREATE',
  'shop/update': 'SHOP_UPDATE',
};

export const complianceTopics: ReadonlySet<string> = new Set([
  'customers/data_request',
  'customers/redact',
  'shop/redact',
]);

/** `ORDERS_CREATE` → `orders/create`; null when it is not imitated. */
export function topicOf(enumName: string): string | null {
  return Object.keys(enumByTopic).find((topic) => enumByTopic[topic] === enumName) ?? null;
}

export function topicEnum(topic: string): string {
  return enumByTopic[topic] ?? topic.replace('/', '_').toUpperCase();
}
