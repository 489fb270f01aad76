/** What the server tells an extension's frame; the form of Shopify's own values where it has one. */
export interface HostData {
  target: string;
  apiVersion: string;
  extensionHandle: string;
  scriptAddress: string;
  tokenAddress: string;
  /** The merchant looks at it in the editor of checkout and accounts. */
  isInEditor: boolean;
  /** Which order it is about is told once the extension runs, as Shopify may. */
  isOrderLate: boolean;
  shop: { id: string; name: string; myshopifyDomain: string; storefrontUrl: string };
  /** The buyer's. */
  locale: string;
  texts: { locale: string; texts: unknown; defaultLocale: string; defaultTexts: unknown };
  currency: string;
  countryCode: string | null;
  timeZone: string;
  email: string | null;
  customer: HostCustomer | null;
  /** On the pages of a placed order. */
  order: HostOrder | null;
  /** On these and at checkout. */
  cart: HostCart | null;
  /** At checkout: where a change of the discount codes goes; null elsewhere. */
  discountAddress: string | null;
  canUpdateDiscountCodes: boolean;
  /** The places that an extension may name by Shopify's own protocols. */
  addresses: { orders: string; profile: string; pages: Record<string, string> };
  /** In the merchant's admin: what is looked at, and where the app is. */
  admin: HostAdmin | null;
}

export interface HostAdmin {
  /** `gid://shopify/Customer/7` */
  selectedId: string;
  /** What the app's own requests go to. */
  appUrl: string;
  /** The page of the admin that frames the app. */
  appRoot: string;
  /** `/store/perennial-demo` */
  storeRoot: string;
}

export interface HostOrder {
  /** Of the Admin API; the thank-you page gives another gid for the same number. */
  id: number;
  name: string;
  number: string;
  isFirstOrder: boolean;
  processedAt: string;
}

export interface HostCart {
  discountCodes: { code: string }[];
  lines: HostLine[];
  /** Off the order as a whole; what is off a line is out of its total. */
  discountAllocations: { type: 'code'; code: string; discountedAmount: HostMoney }[];
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
  requiresShipping: boolean;
  total: HostMoney;
}

/** In units of the currency, not in its minor ones, as Shopify gives money to extensions. */
export interface HostMoney {
  amount: number;
  currencyCode: string;
}
