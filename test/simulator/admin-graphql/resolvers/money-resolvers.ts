import { shortDecimal } from '../../currency-amount.ts';
import type { SimMoney, SimMoneyBag } from '../../state.ts';
import { resolversOf, type ResolverMap } from '../resolver.ts';

export const moneyResolvers: ResolverMap = {
  MoneyBag: resolversOf<SimMoneyBag>({
    shopMoney: (bag) => bag.shop,
    presentmentMoney: (bag) => bag.presentment,
  }),
  MoneyV2: resolversOf<SimMoney>({
    amount: (money) => shortDecimal(money),
    currencyCode: (money) => money.currency,
  }),
};
