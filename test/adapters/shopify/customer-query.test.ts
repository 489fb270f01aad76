import { expect, it } from 'vitest';
import { customerQueryOf } from '#app/adapters/shopify/customer-names.server.ts';

it.each([
  ['Anna', 'anna*'],
  [' Anna  Berg ', 'anna* berg*'],
  ['anna.berg@example.com', '"anna.berg@example.com"'],
  ["O'Neill Smith-Jones", "o'neill* smith-jones*"],
  ['美咲 佐藤', '美咲* 佐藤*'],
  ['OR -state:disabled (tag:vip)', 'or* statedisabled* tagvip*'],
  ['"\\"; * :', ''],
])('what is typed as %j is searched for as %j, and is no command', (typed, query) => {
  expect(customerQueryOf(typed)).toBe(query);
});
