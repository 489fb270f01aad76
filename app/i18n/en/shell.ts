export const shell = {
  nav: {
    overview: 'Overview',
    customers: 'Customers',
    segments: 'Segments',
    cohorts: 'Cohorts',
    products: 'Products',
    predictions: 'Predictions',
    offers: 'Offers',
    history: 'Order history',
    dataCheck: 'Data check',
    counting: 'Order counting',
    privacy: 'Customer privacy',
  },
  close: 'Close',
  problem: {
    notFoundTitle: 'This page does not exist',
    notFoundText: 'It may have moved, or the address has a typing mistake.',
    failedTitle: 'This page could not be shown',
    failedText: 'Something went wrong on our side. Your store and its data are not affected. Try again in a moment.',
    tryAgain: 'Try again',
    toOverview: 'Back to the overview',
  },
  landing: {
    title: 'Perennial opens inside Shopify',
    text: 'Open it from your Shopify admin, under Apps. There is nothing to sign in to here.',
    openAdmin: 'Go to Shopify admin',
  },
};
