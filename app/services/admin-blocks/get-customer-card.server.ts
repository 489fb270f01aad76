import type pg from 'pg';

import { loadMembersOf } from '#app/adapters/db/loyalty/member-list.server.ts';
import { loadTierChanges } from '#app/adapters/db/loyalty/tier-changes.repository.server.ts';
import { withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import type { AdminCustomerCard, AdminEntry, AdminLoyalty, AdminMember } from '#app/contracts/admin-blocks.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { ToldEntry } from '#app/domain/loyalty/members/told-entry.ts';
import { kindOfEntry } from '#app/domain/shopper/entry-kind.ts';
import { programShown } from '#app/domain/shopper/program-shown.ts';
import { deriveTierProgress } from '#app/domain/shopper/tier-progress.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { formatInstant } from '#app/domain/time/format-instant.ts';
import { getMember } from '#app/services/loyalty/get-member.server.ts';
import { loadProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import { loadTierFacts, tellDistance, tierQuestionOf } from '#app/services/shopper/get-shopper-loyalty.server.ts';
import { getOutlook } from '#app/services/admin-blocks/get-outlook.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const ENTRIES_SHOWN = 4;

/** What the merchant is told of a customer on Shopify's own page of them. */
export async function getCustomerCard(context: ShopContext, customerId: bigint): Promise<AdminCustomerCard> {
  const [loyalty, outlook] = await Promise.all([tellLoyalty(context, customerId), getOutlook(context, customerId)]);
  return { loyalty, outlook };
}

async function tellLoyalty(context: ShopContext, customerId: bigint): Promise<AdminLoyalty> {
  const terms = await context.inShop((db) => loadProgramTerms(db, context));
  if (terms === null) return { program: 'none', lastRedemptionDay: null, member: null };
  const nowMs = context.now().getTime();
  const member = await tellMember(context, { customerId, terms, nowMs });
  return { ...tellProgramState(terms.newest.program, { nowMs, timeZone: terms.timeZone }), member };
}

/** How a program stands for whoever gives points by hand. */
export function tellProgramState(program: Pick<Program, 'status'>, at: { nowMs: number; timeZone: string }): Omit<AdminLoyalty, 'member'> {
  const shown = programShown(program, at);
  if (shown === null) return { program: program.status.kind === 'off' ? 'off' : 'over', lastRedemptionDay: null };
  const { status, lastRedemptionDay } = shown;
  return { program: status, lastRedemptionDay: lastRedemptionDay === null ? null : formatDay(lastRedemptionDay) };
}

interface MemberQuestion {
  readonly customerId: bigint;
  readonly terms: ProgramTerms;
  readonly nowMs: number;
}

async function tellMember(context: ShopContext, question: MemberQuestion): Promise<AdminMember | null> {
  const { shop, pool } = context;
  const found = await withTenantSnapshot(pool, shop, (connection) => loadStanding(context, connection, question));
  const member = found && (await getMember(context, { memberId: found.memberId, before: null }));
  if (member === null) return null;
  const { memberId, balancePoints: points, pendingPoints, reservedPoints, isExcluded, expiresNext, entries } = member;
  return {
    ...{ memberId, points, pendingPoints, reservedPoints, isExcluded, nextExpiry: expiresNext },
    tier: found && tellTier(found, question, isExcluded),
    entries: entries.slice(0, ENTRIES_SHOWN).map((entry) => tellEntry(entry, question.nowMs)),
  };
}

async function loadStanding({ shop }: ShopContext, connection: pg.PoolClient, { customerId, terms, nowMs }: MemberQuestion) {
  const [member] = await loadMembersOf(connection, shop, [customerId]);
  if (member === undefined) return null;
  const { memberId } = member;
  const facts = await loadTierFacts(connection, shop, { customerId, question: tierQuestionOf(terms.newest.program, nowMs) });
  return { memberId, facts, changes: (await loadTierChanges(connection, shop, [memberId])).get(memberId) ?? [] };
}

function tellTier(
  { facts, changes }: Pick<NonNullable<Awaited<ReturnType<typeof loadStanding>>>, 'facts' | 'changes'>,
  { terms, nowMs }: MemberQuestion,
  isExcluded: boolean,
): AdminMember['tier'] {
  const { newest, timeZone, currency } = terms;
  const { tiers } = newest.program;
  const progress = deriveTierProgress({ program: newest.program, changes, facts, nowMs, timeZone });
  if (progress === null || tiers === null) return null;
  const { level, next } = progress;
  // Whoever earns nothing rises to nothing.
  const isRising = next !== null && !isExcluded;
  return { name: level.name, next: isRising ? { name: next.level.name, missing: tellDistance(tiers.basis, next.missing, currency) } : null };
}

function tellEntry({ sequence, kind, because, occurredAtMs, points, pendingPoints, maturesAtMs, orderName, givenBefore }: ToldEntry, nowMs: number): AdminEntry {
  return {
    ...{ sequence, orderName, at: formatInstant(occurredAtMs) },
    kind: kindOfEntry({ kind, code: because, isFirstOfOrder: givenBefore === 0 }),
    points: points + pendingPoints,
    isPending: maturesAtMs !== null && maturesAtMs > nowMs,
  };
}
