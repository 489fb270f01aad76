import type pg from 'pg';

import { loadExclusions } from '#app/adapters/db/loyalty/exclusions.repository.server.ts';
import { loadMemberEntries } from '#app/adapters/db/loyalty/member-entries.server.ts';
import { loadListedMember } from '#app/adapters/db/loyalty/member-list.server.ts';
import type { ListedMember } from '#app/adapters/db/loyalty/member-list.server.ts';
import { loadLedgers } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { loadProgramShop } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { loadTierChanges } from '#app/adapters/db/loyalty/tier-changes.repository.server.ts';
import type { TierChange } from '#app/adapters/db/loyalty/tier-changes.repository.server.ts';
import { loadOrderFacts, loadPointsFacts } from '#app/adapters/db/loyalty/tier-facts.server.ts';
import { loadStaffNames } from '#app/adapters/db/staff/staff-members.repository.server.ts';
import { withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { EMPTY_LEDGER } from '#app/domain/loyalty/ledger/member-ledger.ts';
import type { MemberLedger } from '#app/domain/loyalty/ledger/member-ledger.ts';
import { expiryDayOf } from '#app/domain/loyalty/ledger/plan-passing-of-time.ts';
import { MOST_ADJUSTED_POINTS } from '#app/domain/loyalty/members/adjustment-form.ts';
import type { MemberPage } from '#app/domain/loyalty/members/member-page.ts';
import { tellTierHistory } from '#app/domain/loyalty/members/told-tier.ts';
import { deriveTierProgress } from '#app/domain/shopper/tier-progress.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { MS_PER_24_HOURS } from '#app/domain/time/durations.ts';
import { memberRow } from '#app/services/loyalty/list-members.server.ts';
import { expiryTermsOf, loadProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import { tellEntries } from '#app/services/loyalty/tell-entries.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const ENTRIES_A_PAGE = 50;

/** One member and a page of their ledger, the newest first. Null for nobody of the shop. */
export async function getMember(
  context: Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'now' | 'sealedBox'>,
  { memberId, before }: { memberId: bigint; before: number | null },
): Promise<MemberPage | null> {
  const { shop, inShop, pool, sealedBox } = context;
  const { terms, known } = await inShop(async (db) => ({ terms: await loadProgramTerms(db, context), known: await loadProgramShop(db, shop) }));
  const nowMs = context.now().getTime();
  const page = await withTenantSnapshot(pool, shop, async (connection) => {
    const member = await loadListedMember(connection, shop, memberId);
    if (member === null) return null;
    const { mergedInto } = member;
    const ledger = (await loadLedgers(connection, shop, [memberId])).get(memberId) ?? EMPTY_LEDGER;
    const changes = (await loadTierChanges(connection, shop, [memberId])).get(memberId) ?? [];
    const entries = await loadMemberEntries(connection, shop, { memberId, before, limit: ENTRIES_A_PAGE + 1 });
    const shown = entries.slice(0, ENTRIES_A_PAGE);
    return {
      ...memberRow(member, { program: terms?.newest.program ?? null, changes, nowMs }),
      mergedInto: mergedInto === null ? null : String(mergedInto),
      exclusions: (await loadExclusions(connection, shop, [memberId])).get(memberId) ?? [],
      tiers: tellTierHistory(changes, { versions: terms?.versions ?? [], nowMs }),
      tierKeptUntil: terms && (await findKeptUntil(connection, shop, { member, changes, terms, nowMs })),
      maturesNext: findMaturity(ledger),
      expiresNext: terms && findExpiry(ledger, member, terms),
      entries: await tellEntries(connection, shop, { entries: shown, versions: terms?.versions ?? [] }),
      next: entries.length > ENTRIES_A_PAGE ? (shown.at(-1)?.sequence ?? null) : null,
      mostAdjustedPoints: terms?.newest.program.earning.maximumPointsByHand ?? MOST_ADJUSTED_POINTS,
      currency: known.currency ?? '',
      timeZone: known.timeZone ?? 'UTC',
      nowMs,
    };
  });
  if (page === null) return null;
  const staffIds = [...page.entries, ...page.exclusions].map(({ staffId }) => staffId);
  return { ...page, staffNames: await inShop((db) => loadStaffNames(db, sealedBox, shop, staffIds)) };
}

/** Longer than any window of a tier's basis looks back. */
const TIER_LOOKS_BACK_MS = 2 * 366 * MS_PER_24_HOURS;

async function findKeptUntil(
  connection: pg.PoolClient,
  shop: ShopRef,
  { member, changes, terms, nowMs }: { member: ListedMember; changes: readonly TierChange[]; terms: ProgramTerms; nowMs: number },
): Promise<string | null> {
  const { newest: { program }, timeZone } = terms;
  const { memberId, customerId } = member;
  if (program.tiers === null || customerId === null) return null;
  const since = program.tiers.window === 'lifetime' ? null : new Date(nowMs - TIER_LOOKS_BACK_MS);
  const facts =
    program.tiers.basis === 'points'
      ? (await loadPointsFacts(connection, shop, [memberId])).get(memberId)
      : (await loadOrderFacts(connection, shop, { customerIds: [customerId], since })).get(customerId);
  const progress = deriveTierProgress({ program, changes, facts: facts ?? [], nowMs, timeZone });
  return progress === null || progress.keptUntilDay === null ? null : formatDay(progress.keptUntilDay);
}

function findMaturity({ lots }: MemberLedger): MemberPage['maturesNext'] {
  const pending = lots.filter((lot) => lot.pending > 0);
  if (pending.length === 0) return null;
  const atMs = Math.min(...pending.map(({ maturesAtMs }) => maturesAtMs));
  const points = pending.reduce((sum, lot) => (lot.maturesAtMs === atMs ? sum + lot.pending : sum), 0);
  return { atMs, points };
}

function findExpiry({ lots }: MemberLedger, { lastActivityMs, enrolledAtMs }: ListedMember, terms: ProgramTerms): MemberPage['expiresNext'] {
  const rules = expiryTermsOf(terms, { lastActivityMs, enrolledAtMs });
  const days = lots.filter(({ customer }) => customer > 0).map((lot) => ({ points: lot.customer, day: expiryDayOf(lot, rules) }));
  const first = Math.min(...days.map(({ day }) => day ?? Infinity));
  if (!Number.isFinite(first)) return null;
  return { day: formatDay(first), points: days.reduce((sum, { day, points }) => (day === first ? sum + points : sum), 0) };
}
