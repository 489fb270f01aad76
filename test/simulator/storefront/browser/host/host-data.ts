/** What the server tells the extension's frame about the order; the form of Shopify's own values where it has one. */
export interface HostData {
  target: string;
  apiVersion: string;
  extensionHandle: string;
  scriptAddress: string;
  tokenAddress: string;
  shop: { id: string; name: string; myshopifyDomain: string; storefrontUrl: string };
  /** The buyer's. */
  locale: string;
  texts: { locale: string; texts: unknown; defaultLocale: string; defaultTexts: unknown };
  currency: string;
  countryCode: string | null;
  timeZone: string;
  orderConfirmation: { order: { id: string }; number: string; isFirstOrder: boolean };
  email: string | null;
  customer: HostCustomer | null;
  discountCodes: { code: string }[];
  lines: HostLine[];
  cost: { subtotal: HostMoney; shipping: HostMoney; tax: HostMoney; total: HostMoney };
}

export interface HostCustomer {
  id: string;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  acceptsEmailMarketing: boolean;
  ordersCount: number;
}

export interface HostLine {
  id: string;
  title: string;
  subtitle: string | null;
  productId: string;
  quantity: number;
  total: HostMoney;
}

/** In units of the currency, not in its minor ones, as Shopify gives money to extensions. */
export interface HostMoney {
  amount: number;
  currencyCode: string;
}
