import type pg from 'pg';

import { allAnswers } from '#app/adapters/db/brief-connection.server.ts';
import { loadAbsorbedMembers } from '#app/adapters/db/loyalty/absorbed-members.server.ts';
import { loadEndedPoints } from '#app/adapters/db/loyalty/ended-points.server.ts';
import type { HeldMember } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { loadLostPoints } from '#app/adapters/db/loyalty/lost-points.server.ts';
import { loadAwaitingAccounts } from '#app/adapters/db/loyalty/welcomes.repository.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { EndedPoints } from '#app/domain/loyalty/ledger/move-points.ts';
import type { LostPoints } from '#app/domain/loyalty/ledger/plan-revival.ts';
import { dayOfInstant, startOfDay } from '#app/domain/time/day-of-instant.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';

/** What of a member's past an order has to know that is told of late, or is the first of somebody who was merged. */
export interface PastLives {
  /** Members without an entry of their own, in whom somebody with a history went up. */
  readonly knownBefore: ReadonlySet<bigint>;
  /** Members without an entry of their own whose account is still to be activated. */
  readonly awaitingAccount: ReadonlySet<bigint>;
  /** By member: what they lost to inactivity after one of the orders was placed. */
  readonly lost: ReadonlyMap<bigint, readonly LostPoints[]>;
  /** By order, of these and of those that earned what was lost: what of it ended unspent. */
  readonly ended: ReadonlyMap<bigint, EndedPoints>;
}

interface PastInput {
  readonly orders: readonly EarningOrder[];
  /** Their rows are held. */
  readonly members: readonly HeldMember[];
  readonly terms: ProgramTerms;
  readonly nowMs: number;
}

/** Asks the database only where somebody may be welcomed, or an order comes on a later day than it was placed. */
export async function findPastLives(connection: pg.PoolClient, shop: ShopRef, input: PastInput): Promise<PastLives> {
  const [newcomers, late, old] = [findNewcomers(input), findLate(input), findOld(input)];
  const hasNewcomers = newcomers.length > 0;
  const [absorbed, awaitingAccount, lost, endedOfOld] = await allAnswers([
    hasNewcomers ? loadAbsorbedMembers(connection, shop, newcomers) : null,
    hasNewcomers ? loadAwaitingAccounts(connection, shop, newcomers) : null,
    late === null ? null : loadLostPoints(connection, shop, late),
    loadEndedPoints(connection, shop, old),
  ]);
  const losers = [...(lost?.values() ?? [])].flat().flatMap(({ lots }) => lots.flatMap(({ orderId }) => orderId ?? []));
  const endedOfLost = await loadEndedPoints(connection, shop, { ...old, orderIds: losers });
  return {
    knownBefore: new Set(absorbed?.keys()),
    awaitingAccount: awaitingAccount ?? new Set(),
    lost: lost ?? new Map(),
    ended: new Map([...endedOfOld, ...endedOfLost]),
  };
}

function findNewcomers({ members, terms }: PastInput): bigint[] {
  if (!terms.versions.some(({ program }) => program.earning.welcomePoints)) return [];
  return members.flatMap(({ memberId, lastSequence, mergedInto }) => (lastSequence === 0 && mergedInto === null ? [memberId] : []));
}

/** Points end with the day: of an order of today none have ended. */
function findOld({ orders, members, terms, nowMs }: PastInput): { memberIds: bigint[]; orderIds: bigint[] } {
  const todayMs = startOfDay(dayOfInstant(nowMs, terms.timeZone), terms.timeZone);
  const memberIds = members.flatMap(({ memberId, lastSequence }) => (lastSequence > 0 ? [memberId] : []));
  const orderIds = memberIds.length === 0 ? [] : orders.flatMap(({ orderId, processedAtMs }) => (processedAtMs < todayMs ? [orderId] : []));
  return { memberIds, orderIds };
}

/** Points end with the day: an order of today cannot have come after the end of any. */
function findLate({ orders, members, terms, nowMs }: PastInput): { memberIds: bigint[]; sinceMs: number } | null {
  if (!terms.versions.some(({ program }) => program.expiry.kind === 'inactivity')) return null;
  const todayMs = startOfDay(dayOfInstant(nowMs, terms.timeZone), terms.timeZone);
  const late = orders.filter(({ processedAtMs }) => processedAtMs < todayMs);
  const customerIds = new Set(late.map(({ customerId }) => customerId));
  const owners = members.filter(({ customerId, lastSequence }) => lastSequence > 0 && customerIds.has(customerId));
  if (owners.length === 0) return null;
  const sinceMs = late.reduce((earliest, { processedAtMs }) => Math.min(earliest, processedAtMs), nowMs);
  return { memberIds: owners.map(({ memberId }) => memberId), sinceMs };
}
