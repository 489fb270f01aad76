/** `gone`: the customer is not in Shopify any more. `refused`: asked the same again, Shopify would say the same again. */
export type WriteAnswer = 'done' | 'gone' | 'refused';

/** What came of each customer. */
export type WrittenOutcome = ReadonlyMap<bigint, WriteAnswer>;
