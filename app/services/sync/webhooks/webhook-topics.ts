/** What each address takes. shopify.app.toml subscribes to the same, which a test compares. */
export const WEBHOOK_TOPICS = {
  orders: ['orders/create', 'orders/updated', 'orders/delete'],
  customers: ['customers/create', 'customers/update', 'customers/delete', 'customers/merge'],
  app: ['app/uninstalled', 'app/scopes_update', 'shop/update'],
  bulkOperations: ['bulk_operations/finish'],
  compliance: ['customers/data_request', 'customers/redact', 'shop/redact'],
} as const;
