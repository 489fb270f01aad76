import type pg from 'pg';

import { holdGift, noteGivenPage } from '#app/adapters/db/loyalty/gifts.repository.server.ts';
import type { Gift } from '#app/adapters/db/loyalty/gifts.repository.server.ts';
import { loadUnknownCustomers } from '#app/adapters/db/loyalty/known-customers.server.ts';
import { LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import type { HeldMember } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { enrolCustomers, holdMembers } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { appendNotes, findExistingKeys } from '#app/adapters/db/loyalty/notes.repository.server.ts';
import type { EntryNote } from '#app/adapters/db/loyalty/notes.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import type { SegmentPage } from '#app/adapters/shopify/segment-members.server.ts';
import { lotTermsOf } from '#app/domain/loyalty/ledger/lot-terms.ts';
import { planAdjustment } from '#app/domain/loyalty/ledger/plan-adjustment.ts';
import { failpoint } from '#app/failpoint.server.ts';
import { dueMsOf } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

interface Giving {
  readonly gift: Gift;
  readonly terms: ProgramTerms;
  readonly page: SegmentPage;
}

/**
 * Gives their points to the customers of one page of a segment, and notes how far that is in the same transaction. Each
 * entry's key names the gift and the member: a page that is given again gives nothing.
 *
 * @returns false when the gift was stopped meanwhile
 */
export function giveToPage(context: Pick<ShopContext, 'shop' | 'pool' | 'now' | 'sealedBox'>, giving: Giving): Promise<boolean> {
  const { shop, pool, now, sealedBox } = context;
  const { gift, page } = giving;
  return withTenantConnection(pool, shop, async (connection) => {
    const tombstones = await Tombstones.loadOn(connection, sealedBox, shop);
    if (!(await holdGift(connection, shop, gift.giftId))) return false;
    const living = page.customerIds.filter((id) => !tombstones.buriesCustomer(id));
    const members = await holdKnown(context, connection, living);
    const able = members.filter(({ isExcluded }) => !isExcluded);
    const given = await append(context, connection, { ...giving, members: able });
    await failpoint('gift-inside');
    await noteGivenPage(connection, shop, {
      ...{ giftId: gift.giftId, now: now(), next: page.next, given },
      seen: page.customerIds.length,
      excluded: members.length - able.length,
      unknown: page.customerIds.length - members.length,
    });
    return true;
  });
}

/** Without those of whom we have not heard yet. */
async function holdKnown({ shop, now }: Pick<ShopContext, 'shop' | 'now'>, connection: pg.PoolClient, living: readonly bigint[]): Promise<HeldMember[]> {
  const unknown = await loadUnknownCustomers(connection, shop, living);
  const customerIds = living.filter((id) => !unknown.has(id));
  await enrolCustomers(connection, shop, { customerIds, now: now() });
  const members = await holdMembers(connection, shop, { customerIds });
  return members.filter(({ mergedInto }) => mergedInto === null);
}

/** @returns how many had not got theirs */
async function append(
  { shop, now }: Pick<ShopContext, 'shop' | 'now'>,
  connection: pg.PoolClient,
  { gift, terms, members }: Giving & { members: readonly HeldMember[] },
): Promise<number> {
  const { giftId, points, note, staffId } = gift;
  const keyOf = ({ memberId }: HeldMember) => `gift/${giftId}/${memberId}`;
  // After the rows are held: nobody else can be giving the same.
  const given = await findExistingKeys(connection, shop, members.map(keyOf));
  const nowDate = now();
  const nowMs = nowDate.getTime();
  const writer = new LedgerWriter(nowDate);
  const notes: EntryNote[] = [];
  const lotTerms = lotTermsOf({ program: terms.newest.program, occasionMs: nowMs, orderId: null, timeZone: terms.timeZone });
  for (const member of members.filter((one) => !given.has(keyOf(one)))) {
    const entry = writer.append(
      member,
      planAdjustment(member.ledger, {
        kind: 'adjustment',
        ...{ key: keyOf(member), points, terms: lotTerms, occurredAtMs: nowMs, nowMs },
        reason: { code: 'to-segment' },
      }),
    );
    notes.push({ memberId: member.memberId, sequence: entry.sequence, note, staffId });
  }
  await writer.write(connection, shop, dueMsOf(terms, nowMs));
  await appendNotes(connection, shop, notes);
  return notes.length;
}
