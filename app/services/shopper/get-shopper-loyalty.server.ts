import type pg from 'pg';

import { loadShopperShop, loadShopperStanding } from '#app/adapters/db/shopper/shopper-standing.server.ts';
import type { ShopperMember, ShopperStanding } from '#app/adapters/db/shopper/shopper-standing.server.ts';
import { loadOrderFacts } from '#app/adapters/db/loyalty/tier-facts.server.ts';
import { loadPointsOfCustomer } from '#app/adapters/db/shopper/customer-points.server.ts';
import { loadShownTexts } from '#app/adapters/db/texts.repository.server.ts';
import type { TextsPlace } from '#app/adapters/db/texts.repository.server.ts';
import { newestSeen } from '#app/adapters/db/loyalty/program-versions.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { allAnswers, readAtOnce } from '#app/adapters/db/brief-connection.server.ts';
import type { ShopperBalance, ShopperBirthday, ShopperLoyalty, ShopperTier, TierPerk } from '#app/contracts/shopper-loyalty.ts';
import { hasFreeShippingNow } from '#app/domain/loyalty/perks/free-shipping.ts';
import { EMPTY_LEDGER } from '#app/domain/loyalty/ledger/member-ledger.ts';
import type { Program, TierBasis, TierLevel, Tiers } from '#app/domain/loyalty/program/program.ts';
import type { Welcome } from '#app/domain/loyalty/members/welcome.ts';
import type { TierFact } from '#app/domain/loyalty/tiers/derive-tier-basis.ts';
import { derivePointsNow } from '#app/domain/shopper/points-now.ts';
import type { PointsNow } from '#app/domain/shopper/points-now.ts';
import { deriveTierProgress } from '#app/domain/shopper/tier-progress.ts';
import type { TierProgress } from '#app/domain/shopper/tier-progress.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { MS_PER_24_HOURS } from '#app/domain/time/durations.ts';
import { formatInstant } from '#app/domain/time/format-instant.ts';
import { expiryTermsOf } from '#app/services/loyalty/program-terms.server.ts';
import { loadShownProgram } from '#app/services/shopper/shopper-program.server.ts';
import type { ShownProgram } from '#app/services/shopper/shopper-program.server.ts';
import { welcomeSeen } from '#app/services/shopper/welcome-seen.server.ts';
import type { ClaimContext } from '#app/services/shopper/claim-when-seen.server.ts';
import { tellAmount, tellRedemption } from '#app/services/shopper/tell-redemption.server.ts';
import { tellProgram, tellRewards, tellWaysToEarn, TO_NOBODY } from '#app/services/shopper/tell-program.server.ts';
import type { Offered } from '#app/services/shopper/tell-program.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** How long what was used or given back is still shown. */
const SHOWN_AFTER_SETTLING_MS = 60 * MS_PER_24_HOURS;
/** Longer than any window of a tier's basis looks back. */
const TIER_LOOKS_BACK_MS = 2 * 366 * MS_PER_24_HOURS;
const ONCE_BASIS_POINTS = 10_000;

type LoyaltyContext = Pick<ShopContext, 'shop' | 'pool' | 'now'>;

interface Asked {
  /** In which they pay; null where nobody says: then a customer's last, or else the shop's. */
  readonly currency: string | null;
  /** Whose words they are shown; null where none of the merchant's own can be meant. */
  readonly texts: TextsPlace | null;
}

/**
 * What a signed-in customer's surfaces show of the program. Who is no member yet sees zeros. Nothing is written but, once
 * and behind the answer, that they were seen signed in.
 */
export async function getShopperLoyalty(context: ClaimContext, { customerId, currency, texts: place }: Asked & { customerId: bigint }): Promise<ShopperLoyalty> {
  const { shop, pool, now } = context;
  const nowMs = now().getTime();
  const settledAfter = new Date(nowMs - SHOWN_AFTER_SETTLING_MS);
  // By the program that was seen last: which facts are needed is as good as known.
  const guessed = tierQuestionOf(newestSeen(shop)?.program ?? null, nowMs);
  const [standing, guessedFacts, texts] = await readAtOnce(pool, shop, (connection) =>
    allAnswers([
      loadShopperStanding(connection, shop, { customerId, settledAfter, asksCurrency: currency === null }),
      loadTierFacts(connection, shop, { customerId, question: guessed }),
      loadShownTexts(connection, shop, place),
    ]),
  );
  if (standing === null || standing.member?.isExcluded === true) return tellOff(texts);
  const program = await loadShownProgram(null, context, standing.shop);
  if (program === null) return tellOff(texts);
  const question = tierQuestionOf(program.terms.newest.program, nowMs);
  const isGuessed = question.basis === guessed.basis && question.since?.getTime() === guessed.since?.getTime();
  const facts = isGuessed ? guessedFacts : await readAtOnce(pool, shop, (connection) => loadTierFacts(connection, shop, { customerId, question }));
  const welcome = await welcomeSeen(context, { customerId, member: standing.member, program });
  return tellLoyalty(standing, { program, facts, welcome, currency: currency ?? standing.lastCurrency, texts });
}

/** What a storefront shows to whoever is not signed in. */
export async function getSignedOutLoyalty(context: LoyaltyContext, { currency, texts: place }: Asked): Promise<ShopperLoyalty> {
  const [shopperShop, texts] = await readAtOnce(context.pool, context.shop, (connection) =>
    allAnswers([loadShopperShop(connection, context.shop), loadShownTexts(connection, context.shop, place)]),
  );
  const program = shopperShop && (await loadShownProgram(null, context, shopperShop));
  if (program === null) return tellOff(texts);
  const offered = { ...TO_NOBODY, currency };
  return {
    state: 'signed-out',
    program: tellProgram(program.shown),
    rewards: tellRewards(program, offered),
    waysToEarn: tellWaysToEarn(program, offered),
    texts,
  };
}

function tellOff(texts: Record<string, string>): ShopperLoyalty {
  return { state: 'off', ...(Object.keys(texts).length === 0 ? {} : { texts }) };
}

/** What a program's tiers have to be told of a customer. */
export interface TierQuestion {
  /** Null where there is nothing to rise to. */
  readonly basis: TierBasis | null;
  /** Null for a lifetime. */
  readonly since: Date | null;
}

export function tierQuestionOf(program: Pick<Program, 'tiers'> | null, nowMs: number): TierQuestion {
  const tiers = program?.tiers ?? null;
  if (tiers === null || tiers.levels.length < 2) return { basis: null, since: null };
  const hasSince = tiers.basis !== 'points' && tiers.window !== 'lifetime';
  return { basis: tiers.basis, since: hasSince ? new Date(nowMs - TIER_LOOKS_BACK_MS) : null };
}

export async function loadTierFacts(
  connection: pg.PoolClient,
  shop: ShopRef,
  { customerId, question: { basis, since } }: { customerId: bigint; question: TierQuestion },
): Promise<readonly TierFact[]> {
  if (basis === null) return [];
  if (basis === 'points') return loadPointsOfCustomer(connection, shop, customerId);
  return (await loadOrderFacts(connection, shop, { customerIds: [customerId], since })).get(customerId) ?? [];
}

interface Told {
  readonly program: ShownProgram;
  readonly facts: readonly TierFact[];
  /** On its way to them, from the worker. */
  readonly welcome: Welcome | null;
  readonly currency: string | null;
  readonly texts: Record<string, string>;
}

function tellLoyalty(
  { member, hasOrdered, freeShipping }: ShopperStanding,
  { program, facts, welcome, currency, texts }: Told,
): ShopperLoyalty {
  const { terms, shown, nowMs } = program;
  const { newest, timeZone, versions } = terms;
  const points = pointsOf(member, program);
  const tier = deriveTierProgress({ program: newest.program, changes: member?.tierChanges ?? [], facts, nowMs, timeZone });
  const offered: Offered = {
    points: points.points,
    timesRedeemed: member?.timesRedeemed ?? new Map(),
    tierFactorBasisPoints: tier?.level.factorBasisPoints ?? null,
    welcomeComing: welcome?.points ?? null,
    // Whoever has any entry has had the points for joining, or is about to have them, or never gets them.
    isWelcomed: welcome === null && (member?.entries ?? 0) > 0,
    hasOrdered,
    currency,
  };
  return {
    state: 'on',
    program: tellProgram(shown),
    balance: tellBalance(points),
    tier: tier && newest.program.tiers && tellTier(tier, {
      ...{ tiers: newest.program.tiers, currency: terms.currency },
      shipsFree: tier.level.hasFreeShipping && hasFreeShippingNow(freeShipping, tier.level.id, nowMs),
    }),
    rewards: tellRewards(program, offered),
    redemptions: (member?.redemptions ?? []).map((redemption) => tellRedemption(redemption, { versions, nowMs })),
    waysToEarn: tellWaysToEarn(program, offered),
    birthday: tellBirthday(program, member?.birthday ?? null),
    texts,
  };
}

function pointsOf(member: ShopperMember | null, { terms, shown, nowMs }: ShownProgram): PointsNow {
  const known = member ?? { memberId: 0n, ledger: EMPTY_LEDGER, lastActivityMs: null, enrolledAtMs: nowMs };
  return derivePointsNow(known.ledger, {
    memberId: known.memberId,
    terms: expiryTermsOf(terms, known),
    endDay: shown.lastRedemptionDay === null ? null : shown.lastRedemptionDay + 1,
    nowMs,
  });
}

function tellBalance({ points, pendingPoints, nextMaturity, nextEnd }: PointsNow): ShopperBalance {
  return {
    points,
    pendingPoints,
    nextSpendable: nextMaturity && { points: nextMaturity.points, at: formatInstant(nextMaturity.atMs) },
    nextExpiry: nextEnd && { points: nextEnd.points, day: formatDay(nextEnd.day) },
  };
}

function tellTier({ level, keptUntilDay, next }: TierProgress, { tiers, currency, shipsFree }: { tiers: Tiers; currency: string; shipsFree: boolean }): ShopperTier {
  return {
    name: level.name,
    keptUntil: keptUntilDay === null ? null : formatDay(keptUntilDay),
    next: next && {
      name: next.level.name,
      missing: tellDistance(tiers.basis, next.missing, currency),
      progressBasisPoints: next.progressBasisPoints,
    },
    perks: perksOf(level, shipsFree),
  };
}

export function tellDistance(basis: TierBasis, missing: number, currency: string): NonNullable<ShopperTier['next']>['missing'] {
  switch (basis) {
    case 'spend':
      return { kind: 'spend', amount: tellAmount({ amountMinor: missing, currency }) };
    case 'points':
      return { kind: 'points', points: missing };
    case 'orders':
      return { kind: 'orders', orders: missing };
  }
}

/** @param shipsFree Shopify has the discount: without it, it would be promised at checkout and not given */
function perksOf({ factorBasisPoints, entryPoints, tag }: TierLevel, shipsFree: boolean): TierPerk[] {
  return [
    ...(factorBasisPoints > ONCE_BASIS_POINTS ? [{ kind: 'multiplier' as const, factorBasisPoints }] : []),
    ...(shipsFree ? [{ kind: 'free-shipping' as const }] : []),
    ...(entryPoints === null || entryPoints === 0 ? [] : [{ kind: 'entry-points' as const, points: entryPoints }]),
    ...(tag === null ? [] : [{ kind: 'early-access' as const }]),
  ];
}

/** @param birthday month x 100 + day */
export function tellBirthday({ terms: { newest }, shown }: Pick<ShownProgram, 'terms' | 'shown'>, birthday: number | null): ShopperBirthday {
  const points = newest.program.earning.birthdayPoints;
  const isEarning = points !== null && points > 0 && shown.status !== 'winding-down';
  return {
    points: isEarning ? points : null,
    day: birthday === null ? null : `${twoDigits(Math.floor(birthday / 100))}-${twoDigits(birthday % 100)}`,
    canSet: isEarning && birthday === null,
  };
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
