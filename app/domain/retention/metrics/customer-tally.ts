/** What customers bought in a window. */
export interface CustomerTotals {
  customers: number;
  /** With two orders or more in it. */
  repeatCustomers: number;
  /** With an order in it that is their second or later ever. */
  returningCustomers: number;
  customerOrders: number;
  /** Their customer's second or later ever. */
  repeatOrders: number;
  customerRevenueMinor: number;
  repeatRevenueMinor: number;
}

/**
 * Adds up what customers bought in a window, one after the other. Exact: sums of minor units are, up to 2^53.
 *
 * Nothing is branched on, since nobody can guess whether the next customer came back: what is true counts as 1.
 */
export class CustomerTally implements CustomerTotals {
  customers = 0;
  repeatCustomers = 0;
  returningCustomers = 0;
  customerOrders = 0;
  repeatOrders = 0;
  customerRevenueMinor = 0;
  repeatRevenueMinor = 0;

  /**
   * @param orders those of a customer in the window; a customer without any is not counted
   * @param revenueMinor of these orders
   * @param firstOrders 1 when the customer's first order ever is one of them, else 0
   * @param firstValueMinor of the first order ever
   */
  add(orders: number, revenueMinor: number, firstOrders: number, firstValueMinor: number): void {
    const repeatOrders = orders - firstOrders;
    this.customers += Number(orders > 0);
    this.repeatCustomers += Number(orders > 1);
    this.returningCustomers += Number(repeatOrders > 0);
    this.customerOrders += orders;
    this.repeatOrders += repeatOrders;
    this.customerRevenueMinor += revenueMinor;
    this.repeatRevenueMinor += revenueMinor - firstOrders * firstValueMinor;
  }
}
