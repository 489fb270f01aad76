export const groups = {
  title: 'Groups of customers',
  text: 'By how recently, how often and how much they bought, compared with your other customers. Names as in Shopify.',
  caption: 'Customers by group, with their share and what to do',
  group: 'Group',
  customers: 'Customers',
  meaning: 'Who they are',
  advice: 'What to do',
  shopify: {
    agrees_one: 'Shopify agrees for {{share}} of {{number}} customer.',
    agrees_other: 'Shopify agrees for {{share}} of {{number}} customers.',
    show: 'Compare the groups',
    axes: 'Group here, by the group in Shopify',
    why: 'Shopify does not publish where its groups begin and end, so some customers are in a neighbouring group there. Only customers who have ordered are compared.',
    none: 'Shopify has not told which groups it puts your customers into.',
    otherDay: 'Shopify’s own groups are of now, so they are compared on the current day only.',
  },
  ties: 'Shares are of the customers who have ordered. Customers with equal numbers stay together, so groups are uneven and one can be empty.',
  CHAMPIONS: {
    name: 'Champions',
    meaning: 'Bought recently, often and much.',
    advice: 'Give early access and ask for reviews. They need no discount.',
  },
  LOYAL: {
    name: 'Loyal',
    meaning: 'Buy often or much, last order a while ago.',
    advice: 'Show what is new since their last order.',
  },
  ACTIVE: {
    name: 'Active',
    meaning: 'Bought recently, average in number and value of orders.',
    advice: 'Suggest what goes with what they bought.',
  },
  NEW: {
    name: 'New',
    meaning: 'Bought very recently, few orders or small ones.',
    advice: 'Help them use the product, then offer a next-order code.',
  },
  PROMISING: {
    name: 'Promising',
    meaning: 'Bought fairly recently, few orders or small ones.',
    advice: 'A next-order code with an end date.',
  },
  NEEDS_ATTENTION: {
    name: 'Needs attention',
    meaning: 'Some time since the last order, average before.',
    advice: 'Remind them when a refill or a new season is due.',
  },
  AT_RISK: {
    name: 'At risk',
    meaning: 'Good customers, long since the last order.',
    advice: 'Write to them personally and ask what was missing.',
  },
  PREVIOUSLY_LOYAL: {
    name: 'Previously loyal',
    meaning: 'Were among the best, longest since the last order.',
    advice: 'One strong offer to come back.',
  },
  ALMOST_LOST: {
    name: 'Almost lost',
    meaning: 'Few orders, long since the last one.',
    advice: 'One reminder at a low cost.',
  },
  DORMANT: {
    name: 'Dormant',
    meaning: 'Few orders, longest since the last one.',
    advice: 'Leave in peace, or ask once if they still want your mail.',
  },
  PROSPECTS: {
    name: 'Prospects',
    meaning: 'Known to your store, no order yet.',
    advice: 'Show what others buy first.',
  },
};
