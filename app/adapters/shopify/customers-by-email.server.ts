import { z } from 'zod';

import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { askUnlessSilent } from '#app/adapters/shopify/customer-names.server.ts';
import type { Silence } from '#app/adapters/shopify/customer-names.server.ts';
import { numericId } from '#app/adapters/shopify/gid.ts';
import { CustomersByEmailDocument } from '#app/generated/admin-api.ts';

/** Each costs a point, so more of them save round trips and not points; what a shopper waits for never waits long behind them. */
const ADDRESSES_A_CALL = 25;

const answerSchema = z.record(z.string(), z.object({ id: z.string() }).nullable());

/**
 * The customers who have these addresses, by the address. Shopify gives an address to one customer at most, so that nobody
 * is found twice; whom it does not have is not among them.
 */
export async function findCustomersByEmail(admin: AdminApi, emails: readonly string[]): Promise<ReadonlyMap<string, bigint> | Silence> {
  const found = new Map<string, bigint>();
  const asked = [...new Set(emails)];
  for (let from = 0; from < asked.length; from += ADDRESSES_A_CALL) {
    const some = asked.slice(from, from + ADDRESSES_A_CALL);
    const answer = await askUnlessSilent(() => admin(CustomersByEmailDocument, variablesOf(some)));
    if (typeof answer === 'string') return answer;
    if (answer.withheld.length > 0) return 'not-granted';
    const customers = answerSchema.parse(answer.data);
    for (const [index, email] of some.entries()) {
      const id = numericId(customers[`c${index}`]?.id ?? '');
      if (id !== null) found.set(email, id);
    }
  }
  return found;
}

/** What is not filled is the first again, since the document has as many questions as it has. */
function variablesOf(emails: readonly string[]) {
  const at = (index: number) => emails[index] ?? emails[0] ?? '';
  return {
    ...{ c0: at(0), c1: at(1), c2: at(2), c3: at(3), c4: at(4) },
    ...{ c5: at(5), c6: at(6), c7: at(7), c8: at(8), c9: at(9) },
    ...{ c10: at(10), c11: at(11), c12: at(12), c13: at(13), c14: at(14) },
    ...{ c15: at(15), c16: at(16), c17: at(17), c18: at(18), c19: at(19) },
    ...{ c20: at(20), c21: at(21), c22: at(22), c23: at(23), c24: at(24) },
  };
}
