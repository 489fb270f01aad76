/** What each address takes. shopify.app.toml subscribes to the same, which a test compares. */
export const WEBHOOK_TOPICS = {
  orders: ['orders/create', 'orders/updated', 'orders/delete'],
  customers: ['customers/create', 'customers/update', 'customers/delete', 'customers/merge'],
  app: ['app/uninstalled', 'app/scopes_update', 'shop/update', 'customer_account_settings/update'],
  bulkOperations: ['bulk_operations/finish'],
  compliance: ['customers/data_request', 'customers/redact', 'shop/redact'],
} as const;

/** What the law asks for is tried until it is done. */
export const isCompliance = (topic: string): boolean => WEBHOOK_TOPICS.compliance.some((name) => name === topic);

export const isOfCustomers = (topic: string): boolean => WEBHOOK_TOPICS.customers.some((name) => name === topic);

/** A pull or a comparison makes up for a lost webhook of these, */
export const isOfHistory = (topic: string): boolean => WEBHOOK_TOPICS.orders.some((name) => name === topic) || isOfCustomers(topic);

/** but a pull not for one of these: what is gone from Shopify is in no file. */
export const REMOVALS = ['orders/delete', 'customers/delete', 'customers/merge'] as const;

export const isRemoval = (topic: string): boolean => REMOVALS.some((name) => name === topic);
