import type pg from 'pg';

import { loadLineTitles } from '#app/adapters/db/loyalty/member-entries.server.ts';
import type { MemberEntry } from '#app/adapters/db/loyalty/member-entries.server.ts';
import { readOrderReason } from '#app/adapters/db/loyalty/order-reason-schema.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { OrderReason } from '#app/domain/loyalty/accrual/award-reason.ts';
import type { EntryReason } from '#app/domain/loyalty/ledger/entry.ts';
import type { ToldEntry, ToldLine, ToldOrder } from '#app/domain/loyalty/members/told-entry.ts';
import type { ProgramVersion } from '#app/domain/loyalty/program/version-in-force.ts';

/** Puts the names into entries that a page is to show. */
export async function tellEntries(
  connection: pg.PoolClient,
  shop: ShopRef,
  { entries, versions }: { entries: readonly MemberEntry[]; versions: readonly ProgramVersion[] },
): Promise<ToldEntry[]> {
  const reasons = entries.map(({ kind, reason }) => (kind === 'order' ? readOrderReason(reason) : null));
  const titles = await loadTitlesIn(connection, shop, reasons, entries.flatMap(({ orderId }) => orderId ?? []));
  return entries.map((entry, index) => {
    const { reason, orderId: _orderId, rewardId, rewardVersion, ...told } = entry;
    const orderReason = reasons[index] ?? null;
    const rewards = versions.find(({ version }) => version === rewardVersion)?.program.rewards ?? [];
    const reward = rewards.find(({ id }) => id === rewardId);
    return {
      ...told,
      because: reason.code,
      order: orderReason && tellOrder(orderReason, { version: versionOf(versions, entry.programVersion), titles }),
      reward: reward === undefined ? null : { name: reward.name, gives: reward.gives },
      fact: factOf(reason, versionOf(versions, entry.programVersion)),
    };
  });
}

export async function loadTitlesIn(
  connection: pg.PoolClient,
  shop: ShopRef,
  reasons: readonly (OrderReason | null)[],
  orderIds: readonly bigint[],
): Promise<Map<string, string>> {
  const lineIds = reasons.flatMap((reason) => (reason?.code === 'order-earned' ? reason.lines.flatMap(({ line }) => line ?? []) : []));
  return loadLineTitles(connection, shop, [...new Set(lineIds)], orderIds);
}

export function tellOrder(reason: OrderReason, { version, titles }: { version: ProgramVersion | null; titles: ReadonlyMap<string, string> }): ToldOrder {
  if (reason.code !== 'order-earned') return { code: reason.code };
  const { code, currency, valueMinor, ratePoints, ratePerMinor, bonus, cappedAtPoints } = reason;
  const lines = reason.lines.map(({ line, rule, ruleId, baseMinor, factorBasisPoints, points }) => ({
    title: line === null ? null : (titles.get(line) ?? ''),
    ruleName: nameOfRule(version, rule, ruleId),
    ...{ rule, baseMinor, factorBasisPoints, points },
  }));
  return {
    ...{ code, currency, valueMinor, ratePoints, ratePerMinor, lines, cappedAtPoints },
    bonus: bonus && { minimumMinor: bonus.minimumMinor, points: bonus.points },
    nextBonusMinor: bonus === null ? leastBonusMinor(version, currency) : null,
  };
}

function leastBonusMinor(version: ProgramVersion | null, currency: string): number | null {
  const bonuses = version?.program.earning.thresholdBonuses.filter((bonus) => bonus.currency === currency) ?? [];
  return bonuses.length === 0 ? null : Math.min(...bonuses.map(({ minimumMinor }) => minimumMinor));
}

function nameOfRule(version: ProgramVersion | null, rule: ToldLine['rule'], ruleId: string | null): string {
  if (rule === 'tier') return version?.program.tiers?.levels.find(({ id }) => id === ruleId)?.name ?? '';
  if (rule === 'multiplier') return version?.program.earning.multipliers.find(({ id }) => id === ruleId)?.name ?? '';
  return '';
}

function versionOf(versions: readonly ProgramVersion[], number: number | null): ProgramVersion | null {
  return versions.find(({ version }) => version === number) ?? null;
}

/** What else a reason says that a reader needs. */
function factOf(reason: EntryReason, version: ProgramVersion | null): string | null {
  const { tierId, tier, line, fromMemberId, toMemberId } = reason;
  const tierName = typeof tierId === 'string' ? tierId : tier;
  if (typeof tierName === 'string') return version?.program.tiers?.levels.find(({ id }) => id === tierName)?.name ?? tierName;
  const fact = line ?? fromMemberId ?? toMemberId;
  return typeof fact === 'string' || typeof fact === 'number' ? String(fact) : null;
}
