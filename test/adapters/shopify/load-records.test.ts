import { describe, expect, it } from 'vitest';

import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { loadCustomersById, loadOrdersById } from '#app/adapters/shopify/load-records.server.ts';

const IDS = Array.from({ length: 12 }, (_, index) => BigInt(index + 1));

/** Shopify shows none of the records, and says of some that it may not. */
const answering =
  (withheld: string[]): AdminApi =>
  async () => ({ data: { nodes: IDS.map(() => null) } as never, withheld });

describe.each([
  ['orders', loadOrdersById],
  ['customers', loadCustomersById],
] as const)('%s that are null', (_what, load) => {
  it('are gone, but for those that are withheld, of which nobody knows', async () => {
    const readings = await load(answering(['nodes.10', 'nodes.11.id']), IDS);
    const unreadable = IDS.filter((id) => readings.get(id)?.kind === 'unreadable');
    const absent = IDS.filter((id) => readings.get(id)?.kind === 'absent');
    expect([unreadable, absent]).toEqual([[11n, 12n], IDS.slice(0, 10)]);
  });

  it('are none of them gone where access to all is withheld', async () => {
    const readings = await load(answering(['nodes']), IDS);
    expect([...readings.values()].map(({ kind }) => kind)).toEqual(IDS.map(() => 'unreadable'));
  });
});
