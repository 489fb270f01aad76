import { countMembers, loadMembersOf, loadMembersPage } from '#app/adapters/db/loyalty/member-list.server.ts';
import type { ListedMember } from '#app/adapters/db/loyalty/member-list.server.ts';
import { loadNewestProgram, loadProgramShop } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { loadTierChanges } from '#app/adapters/db/loyalty/tier-changes.repository.server.ts';
import type { TierChange } from '#app/adapters/db/loyalty/tier-changes.repository.server.ts';
import { withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import type { MemberRow, MembersList } from '#app/domain/loyalty/members/member-page.ts';
import { writePlace } from '#app/domain/loyalty/members/members-question.ts';
import type { MembersQuestion, MemberSort } from '#app/domain/loyalty/members/members-question.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { tierAt } from '#app/domain/loyalty/tiers/tier-at.ts';
import { searchCustomers } from '#app/services/retention/search-customers.server.ts';
import type { CustomerSearch } from '#app/services/retention/search-customers.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const MEMBERS_A_PAGE = 50;

/** Who has points, by a key that finds any page of a million as fast as the first. */
export async function listMembers(context: ShopContext, question: MembersQuestion): Promise<MembersList> {
  const { shop, inShop, pool } = context;
  const search = question.search === null ? null : await searchCustomers(context, question.search);
  const { newest, timeZone } = await inShop(async (db) => ({
    newest: await loadNewestProgram(db, shop),
    timeZone: (await loadProgramShop(db, shop)).timeZone ?? 'UTC',
  }));
  return withTenantSnapshot(pool, shop, async (connection) => {
    const page =
      search === null
        ? await loadMembersPage(connection, shop, { ...question, limit: MEMBERS_A_PAGE })
        : { members: await loadMembersOf(connection, shop, searchedIds(search, question)), hasBefore: false, hasAfter: false };
    const { members } = page;
    const tiers = await loadTierChanges(connection, shop, members.map(({ memberId }) => memberId));
    const nowMs = context.now().getTime();
    const placeOf = (member: ListedMember | undefined) => (member === undefined ? null : writePlace({ key: keyOf(member, question.sort), memberId: member.memberId }));
    return {
      rows: members.map((member) => memberRow(member, { program: newest?.program ?? null, changes: tiers.get(member.memberId) ?? [], nowMs })),
      members: await countMembers(connection, shop),
      next: page.hasAfter ? placeOf(members.at(-1)) : null,
      previous: page.hasBefore ? placeOf(members[0]) : null,
      silence: search?.silence ?? null,
      timeZone,
    };
  });
}

/** A member need not have ordered: points may have been imported for them. */
function searchedIds({ customerIds }: CustomerSearch, { search }: MembersQuestion): bigint[] {
  return /^\d{1,18}$/.test(search ?? '') ? [...customerIds, BigInt(search ?? '')] : customerIds;
}

function keyOf(member: ListedMember, sort: MemberSort): number {
  if (sort === 'balance') return member.balancePoints;
  return sort === 'activity' ? member.lastActivityMs : 0;
}

export function memberRow(
  { memberId, customerId, ...member }: ListedMember,
  { program, changes, nowMs }: { program: Program | null; changes: readonly TierChange[]; nowMs: number },
): MemberRow {
  const { balancePoints, pendingPoints, reservedPoints, isExcluded, enrolledAtMs, lastActivityMs } = member;
  return {
    memberId: String(memberId),
    customerId: customerId === null ? null : String(customerId),
    tier: program === null ? null : (tierAt(program, changes, nowMs)?.name ?? null),
    ...{ balancePoints, pendingPoints, reservedPoints, isExcluded, enrolledAtMs, lastActivityMs },
  };
}
