import { adminSchema } from '../schema.ts';
import { connectionResolvers } from '../page.ts';
import type { ResolverMap, TypeResolvers } from '../resolver.ts';
import { accountMutations } from './account-mutations.ts';
import { automaticDiscountMutations, automaticDiscountQueries, automaticDiscountResolvers } from './automatic-discounts.ts';
import { customerQueries, customerResolvers } from './customer-resolvers.ts';
import { codeBatchQueries, codeBatchResolvers, discountMutations } from './discount-mutations.ts';
import { discountQueries, discountResolvers } from './discount-resolvers.ts';
import { lineResolvers } from './line-resolvers.ts';
import { flowMutations } from './flow-mutations.ts';
import { metafieldMutations, metafieldResolvers } from './metafield-mutations.ts';
import { moneyResolvers } from './money-resolvers.ts';
import { orderQueries, orderResolvers } from './order-resolvers.ts';
import { platformMutations, platformQueries, platformResolvers } from './platform-resolvers.ts';
import { productQueries, productResolvers } from './product-resolvers.ts';
import { segmentMutations, segmentQueries, segmentResolvers } from './segment-resolvers.ts';
import { shopQueries, shopResolvers } from './shop-resolvers.ts';
import { storeCreditMutations, storeCreditResolvers } from './store-credit-resolvers.ts';
import { tagMutations } from './tag-mutations.ts';

const queries: TypeResolvers = {
  ...shopQueries,
  ...orderQueries,
  ...customerQueries,
  ...productQueries,
  ...discountQueries,
  ...automaticDiscountQueries,
  ...codeBatchQueries,
  ...segmentQueries,
  ...platformQueries,
};

const mutations: TypeResolvers = { ...accountMutations, ...discountMutations, ...automaticDiscountMutations, ...storeCreditMutations, ...tagMutations, ...metafieldMutations, ...flowMutations, ...segmentMutations, ...platformMutations };

let assembled: ResolverMap | undefined;

/** Everything the local Shopify can answer; a field that is not here says that it is not imitated. */
export function adminResolvers(): ResolverMap {
  assembled ??= assemble();
  return assembled;
}

function assemble(): ResolverMap {
  const { schema } = adminSchema();
  const connections = Object.keys(schema.getTypeMap())
    .filter((name) => name.endsWith('Connection'))
    .map((name) => [name, connectionResolvers]);
  return {
    ...Object.fromEntries(connections),
    ...shopResolvers,
    ...moneyResolvers,
    ...orderResolvers,
    ...lineResolvers,
    ...customerResolvers,
    ...productResolvers,
    ...discountResolvers,
    ...automaticDiscountResolvers,
    ...codeBatchResolvers,
    ...metafieldResolvers,
    ...segmentResolvers,
    ...storeCreditResolvers,
    ...platformResolvers,
    [schema.getQueryType()?.name ?? 'QueryRoot']: queries,
    [schema.getMutationType()?.name ?? 'Mutation']: mutations,
  };
}
