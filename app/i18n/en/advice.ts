export const advice = {
  title: 'To do this week',
  text: 'From your store’s own past, and most at stake first. Amounts are what such customers bring anyway, not a promise.',
  none: {
    secondOrders: 'Too little is known yet. Advice begins at {{needed}} customers with a second order; it is {{number}} so far.',
    waits: 'Too little is known yet. Advice begins when {{needed}} customers who were not back after {{from}} days have been with you for {{days}}; it is {{number}} so far.',
    paceAbout: 'At the pace of the last three months that will be about {{date}}.',
    paceFar: 'At the pace of the last three months that is more than two years away.',
    due: 'Nothing needs you this week: your store’s past tells of no group of customers who are due or late in any number.',
    dueThen: 'Nothing needed you that week: your store’s past told of no group of customers who were due or late in any number.',
    again: 'It is looked at again with new orders, and tomorrow at the latest.',
  },
  showCustomers: 'Show these customers',
  showCohorts: 'Compare in Cohorts',
  showProducts: 'Show in Products',
  showOffers: 'Go to Offers',
  stake: {
    usual: 'At stake: {{number}} × {{chance}} chance of an order in {{days}} days × {{order}} an order = about {{money}}.',
    difference: 'At stake: {{number}} × a difference of {{chance}} × {{order}} for a second order = about {{money}}.',
    differenceAMonth: 'At stake: {{number}} such buyers a month × a difference of {{chance}} × {{order}} for a second order = about {{money}}.',
  },
  secondOrder: {
    title_one: '{{number}} first-time buyer is in the days when others come back',
    title_other: '{{number}} first-time buyers are in the days when others come back',
    text: 'Their first order was {{from}} to {{to}} days ago. Of earlier buyers who had waited as long ({{earlier}} cases or more for every day), {{share}} ordered again in the {{days}} days after. Give them a reason now: a code for the next order, or what goes with what they bought.',
  },
  lateRegulars: {
    title_one: '{{number}} regular customer is late',
    title_other: '{{number}} regular customers are late',
    text: 'Three orders or more, and silent for {{since}} to {{until}} days, which is the state “at risk”. Of regulars who had been silent as long ({{earlier}} cases or more for every day), {{share}} ordered again in the {{days}} days after. Write to them personally.',
  },
  lostBest: {
    title_one: '{{number}} of your best customers is among the longest silent',
    title_other: '{{number}} of your best customers are among the longest silent',
    text: 'They ordered often and spent much, and are in the fifth of your customers who have been silent the longest. Of repeat customers who had been silent as long ({{earlier}} cases or more for every day), {{share}} ordered again in the {{days}} days after. One strong offer to come back costs little here.',
  },
  newestCohortLess: {
    title: 'First-time buyers of {{month}} come back less',
    text: '{{rate}} of {{size}} ordered again within {{days}} days; in the twelve months before it was {{before}}. That is more than chance. Look at which country, channel or discount they came through.',
  },
  newestCohortMore: {
    title: 'First-time buyers of {{month}} come back more',
    text: '{{rate}} of {{size}} ordered again within {{days}} days; in the twelve months before it was {{before}}. That is more than chance. Find what was different, and do it again.',
  },
  switchOnOffer: {
    title_one: '{{number}} first-time buyer saw no code for the next order',
    title_other: '{{number}} first-time buyers saw no code for the next order',
    text: 'They placed their first order in the last {{days}} days, and the next-order code is switched off. It is shown on the thank-you page, made for each buyer.',
  },
  refill: {
    title_one: '{{number}} customer is due for {{product}} again',
    title_other: '{{number}} customers are due for {{product}} again',
    text: 'Their last purchase of it was {{from}} to {{to}} days ago, when customers usually buy it again. Of earlier times that somebody had gone as long without it ({{earlier}} or more for every day), {{share}} led to another purchase of it in the {{days}} days after. A reminder now is useful, not pushy.',
  },
  firstProduct: {
    title: 'Who begins with {{product}} comes back more',
    text: '{{rate}} of {{number}} ordered again within {{days}} days; in your whole store it is {{before}}. Show it to people who do not know you yet.',
  },
};
