export const overview = {
  title: 'Overview',
  freshness: 'Orders up to {{lastOrder}}. Updated {{ago}}.',
  freshnessOnly: 'Updated {{ago}}.',
  freshnessUnknown: 'Orders up to {{lastOrder}}.',
  asOf: {
    label: 'As of',
    past: 'Numbers as of {{asOf}}, not today.',
    showToday: 'Show today',
  },
  cut: {
    whose: 'Whose numbers',
    part: 'Every number below is of this part of your customers, as if they were a store of their own. What to do this week is told for all customers.',
    nobodyTitle: 'Nobody is in this part',
    nobody: 'No customer placed a first order that fits. Choose another part or a later day.',
  },
  limitedHistory: {
    title: 'Shopify lets Perennial read the last {{days}} days of orders only',
    text: 'Older orders are not in any number on this page, so returning customers can look new and cohorts are short. Perennial needs the permission to read all orders.',
  },
  noOrders: {
    title: 'No orders yet',
    text: 'Your store has no orders that Perennial can read. The numbers appear here by themselves, within a minute of the first one.',
  },
  noneCounted: {
    title: 'No order counts yet',
    text_one: 'Perennial found {{number}} order, and it does not count as a purchase: {{reasons}}.',
    text_other: 'Perennial found {{number}} orders, and none of them counts as a purchase: {{reasons}}.',
  },
  noCustomers: {
    title: 'Only guest orders so far',
    text_one: '{{number}} order counts, and it was placed without a customer. Who comes back cannot be known from it.',
    text_other: '{{number}} orders count, and all were placed without a customer. Who comes back cannot be known from them.',
  },
  little: {
    text_one: 'These numbers rest on {{number}} customer. One more can change them a lot.',
    text_other: 'These numbers rest on {{number}} customers. A few more can change them a lot.',
  },
  setup: {
    title: 'Set up the next-order code',
    text: 'Show buyers a code for their next order on the thank-you page. Nothing is shown before both steps are done.',
    blockTitle: 'Put the block on the thank-you page',
    blockText: 'Opens the checkout editor on the thank-you page. Add Perennial\'s block “Next-order code” there and save.',
    blockAction: 'Open the editor',
    blockPlaced: 'Placed',
    blockMissing: 'Not placed',
    blockAsked: 'Checking',
    blockUnknown: 'Not known',
    offerTitle: 'Choose the offer',
    offerText: 'Percent, days valid, minimum spend, and who gets it.',
    offerAction: 'Go to Offers',
    dismiss: 'Hide this guide',
  },
};
