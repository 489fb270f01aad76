export const advice = {
  title: 'To do this week',
  text: 'From your store’s own past. Amounts are what such customers brought before, not a promise.',
  none: 'Nothing stands out this week. Advice begins when your store’s past carries it: about fifty second orders.',
  showCustomers: 'Show these customers',
  showCohorts: 'Compare in Cohorts',
  showProducts: 'Show in Products',
  showOffers: 'Go to Offers',
  secondOrder: {
    title_one: '{{number}} first-time buyer is in the days when others come back',
    title_other: '{{number}} first-time buyers are in the days when others come back',
    text: 'Their first order was {{from}} to {{to}} days ago. Of {{earlier}} earlier buyers who had waited as long, {{share}} ordered again by day {{to}}. Give them a reason now: a code for the next order, or what goes with what they bought.',
    stake: 'Such buyers usually bring about {{money}}.',
  },
  lateRegulars: {
    title_one: '{{number}} regular customer is late',
    title_other: '{{number}} regular customers are late',
    text: 'Three orders or more, and silent for {{since}} to {{until}} days: longer than three quarters of your customers take between orders. Of {{earlier}} earlier cases, {{share}} ordered again by day {{until}}. Write to them personally.',
    stake: 'They spent {{money}} in the last 365 days.',
  },
  lostBest: {
    title_one: '{{number}} of your best customers has been silent the longest',
    title_other: '{{number}} of your best customers have been silent the longest',
    text: 'They ordered often and spent much, and nobody has waited longer since. One strong offer to come back costs little here.',
    stake: 'One usual order from each would be {{money}}.',
  },
  newestCohortLess: {
    title: 'First-time buyers of {{month}} come back less',
    text: '{{rate}} of {{size}} ordered again within {{days}} days; in the twelve months before it was {{before}}. That is more than chance. Look at which country, channel or discount they came through.',
    stake: 'A difference of about {{money}}.',
  },
  newestCohortMore: {
    title: 'First-time buyers of {{month}} come back more',
    text: '{{rate}} of {{size}} ordered again within {{days}} days; in the twelve months before it was {{before}}. That is more than chance. Find what was different, and do it again.',
    stake: 'A difference of about {{money}}.',
  },
  switchOnOffer: {
    title_one: '{{number}} first-time buyer saw no code for the next order',
    title_other: '{{number}} first-time buyers saw no code for the next order',
    text: 'They placed their first order in the last {{days}} days, and the next-order code is switched off. It is shown on the thank-you page, made for each buyer.',
  },
  refill: {
    title_one: '{{number}} customer is due for {{product}} again',
    title_other: '{{number}} customers are due for {{product}} again',
    text: 'Their last purchase of it was {{from}} to {{to}} days ago, when customers usually buy it again. Of {{earlier}} earlier times that somebody had gone as long without it, they bought it again by day {{to}} in {{share}}. A reminder now is useful, not pushy.',
    stake: 'Such orders usually come to about {{money}}.',
  },
  firstProduct: {
    title: 'Who begins with {{product}} comes back more',
    text: '{{rate}} of {{number}} ordered again within {{days}} days; in your whole store it is {{before}}. Show it to people who do not know you yet.',
    stake: 'The difference: about {{money}} a month so far.',
  },
};
