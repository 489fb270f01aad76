import type pg from 'pg';

import { allAnswers } from '#app/adapters/db/brief-connection.server.ts';
import type { HeldMember, LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { insertNotices } from '#app/adapters/db/loyalty/notices.repository.server.ts';
import type { NoticeDraft } from '#app/adapters/db/loyalty/notices.repository.server.ts';
import { appendTierChanges, loadTierChanges } from '#app/adapters/db/loyalty/tier-changes.repository.server.ts';
import type { TierChange } from '#app/adapters/db/loyalty/tier-changes.repository.server.ts';
import { loadEnteredTiers, loadOrderFacts, loadPointsFacts } from '#app/adapters/db/loyalty/tier-facts.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { Entry } from '#app/domain/loyalty/ledger/entry.ts';
import { lotTermsOf } from '#app/domain/loyalty/ledger/lot-terms.ts';
import { planAward } from '#app/domain/loyalty/ledger/plan-award.ts';
import type { Tiers, TierLevel } from '#app/domain/loyalty/program/program.ts';
import { stoppedSinceMs } from '#app/domain/loyalty/program/stopped-since.ts';
import type { TierFact } from '#app/domain/loyalty/tiers/derive-tier-basis.ts';
import { findNextTierReviewMs, planTierChange, planTierRise, planTierStay } from '#app/domain/loyalty/tiers/plan-tier-change.ts';
import type { TierDecision, TierReviewInput } from '#app/domain/loyalty/tiers/plan-tier-change.ts';
import { tellTierChange, tellTierFallen } from '#app/domain/loyalty/tiers/tell-tier-change.ts';
import { MS_PER_24_HOURS } from '#app/domain/time/durations.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';

/** An order that is told of later than so is no reason to have been in a tier then: the past is not lived again. */
const MOST_LATE_MS = 3 * MS_PER_24_HOURS;
/** Longer than any window of time looks back. */
const LOOKS_BACK_MS = 2 * 366 * MS_PER_24_HOURS;

/**
 * Judges the tiers of members whose rows are held, inside the transaction that changes their points: what it decides is
 * seen at once by whoever asks `changes`, and is written by `write`. While the program is not live nobody rises or falls.
 */
export class TierReview {
  readonly changes: Map<bigint, TierChange[]>;
  readonly #facts: Map<bigint, TierFact[]>;
  readonly #placedMs: ReadonlyMap<bigint, number>;
  readonly #entered: Map<bigint, Set<string>>;
  readonly #terms: ProgramTerms;
  readonly #tiers: Tiers | null;
  readonly #nowMs: number;
  readonly #added: TierChange[] = [];
  readonly #notices: NoticeDraft[] = [];

  private constructor(terms: ProgramTerms, nowMs: number, loaded: Loaded) {
    this.#terms = terms;
    this.#tiers = reviewedTiers(terms);
    this.#nowMs = nowMs;
    this.changes = loaded.changes;
    this.#facts = loaded.facts;
    this.#placedMs = loaded.placedMs;
    this.#entered = loaded.entered;
  }

  /** Inside `withBriefConnection`. */
  static async open(connection: pg.PoolClient, shop: ShopRef, { members, terms, nowMs, orders = [] }: OpenInput): Promise<TierReview> {
    const memberIds = members.map(({ memberId }) => memberId);
    const tiers = reviewedTiers(terms);
    const granting = tiers?.levels.filter(({ entryPoints }) => entryPoints !== null) ?? [];
    const [changes, facts, entered] = await allAnswers([
      loadTierChanges(connection, shop, memberIds),
      tiers === null ? new Map<bigint, TierFact[]>() : loadFacts(connection, shop, { tiers, members, nowMs }),
      loadEnteredTiers(connection, shop, { memberIds, tierIds: granting.map(({ id }) => id) }),
    ]);
    const placedMs = new Map(orders.map(({ orderId, processedAtMs }) => [orderId, processedAtMs]));
    return new TierReview(terms, nowMs, { changes, facts, entered, placedMs });
  }

  /** What this transaction decides, until it is written. */
  get decided(): readonly TierChange[] {
    return this.#added;
  }

  /** Points that this transaction gives or takes: for `LedgerWriter`. */
  note({ memberId, kind, key, source, occurredAtMs, postings }: Entry): void {
    const isCounted = this.#tiers?.basis === 'points' && (kind === 'order' || (kind === 'grant' && !key.includes('/tier/')));
    const facts = this.#facts.get(memberId);
    if (!isCounted || facts === undefined) return;
    const points = postings.reduce((sum, posting) => (posting.account === 'issued' ? sum - posting.points : sum), 0);
    const placedMs = source.orderId === null ? undefined : this.#placedMs.get(source.orderId);
    facts.push({ atMs: placedMs ?? occurredAtMs, spendMinor: 0, points, orders: 0 });
  }

  /** After an order was awarded: who reached a tier by it has it from then on, for orders that come after it. */
  riseBy(writer: LedgerWriter, member: HeldMember, { processedAtMs }: { readonly processedAtMs: number }): void {
    if (processedAtMs < this.#nowMs - MOST_LATE_MS || processedAtMs > this.#nowMs) return;
    const input = this.#inputFor(member, processedAtMs);
    const decision = input && planTierRise(input);
    if (decision !== null) this.#add(writer, member, decision);
  }

  /** As of now. */
  review(writer: LedgerWriter, members: readonly HeldMember[]): void {
    for (const member of members) {
      this.#stay(writer, member);
      const input = this.#inputFor(member, this.#nowMs);
      if (input === null) continue;
      const decision = planTierChange(input);
      if (decision !== null) this.#add(writer, member, decision);
      const fallen = tellTierFallen(this.changes.get(member.memberId) ?? [], this.#nowMs);
      if (fallen !== null) this.#notices.push(fallen);
    }
  }

  /** When time may next change the member's tier; null when it will not. */
  nextMsOf(member: HeldMember): number | null {
    const input = this.#inputFor(member, this.#nowMs);
    return input && findNextTierReviewMs(input);
  }

  /** Inside `withBriefConnection`. */
  async write(connection: pg.PoolClient, shop: ShopRef): Promise<void> {
    await allAnswers([
      appendTierChanges(connection, shop, { changes: this.#added, programVersion: this.#terms.newest.version, now: new Date(this.#nowMs) }),
      insertNotices(connection, shop, this.#notices),
    ]);
    this.#added.length = 0;
    this.#notices.length = 0;
  }

  #stay(writer: LedgerWriter, member: HeldMember): void {
    const { versions, newest } = this.#terms;
    const stoppedAtMs = stoppedSinceMs(versions);
    const { tiers } = newest.program;
    const isNobodys = member.customerId < 0n || member.mergedInto !== null;
    if (isNobodys || stoppedAtMs === null || tiers === null || tiers.levels.length === 0) return;
    const decision = planTierStay({ tiers, changes: this.changes.get(member.memberId) ?? [], stoppedAtMs });
    if (decision !== null) this.#add(writer, member, decision);
  }

  #inputFor({ memberId, customerId, mergedInto, isExcluded }: HeldMember, atMs: number): TierReviewInput | null {
    if (this.#tiers === null || customerId < 0n || mergedInto !== null || isExcluded) return null;
    const { timeZone } = this.#terms;
    return { tiers: this.#tiers, changes: this.changes.get(memberId) ?? [], facts: this.#facts.get(memberId) ?? [], atMs, timeZone };
  }

  #add(writer: LedgerWriter, member: HeldMember, decision: TierDecision): void {
    const { memberId } = member;
    const earlier = this.changes.get(memberId) ?? [];
    const change: TierChange = { ...decision, memberId, changeNo: earlier.length + 1 };
    this.changes.set(memberId, [...earlier, change]);
    this.#added.push(change);
    const notice = tellTierChange(change, { nowMs: this.#nowMs, timeZone: this.#terms.timeZone });
    if (notice !== null) this.#notices.push(notice);
    const level = this.#tiers?.levels.find(({ id }) => id === decision.tierId);
    if (decision.reason.code === 'reached' && level !== undefined) this.#grantEntry(writer, member, level);
  }

  /** Points for reaching a tier, once in a member's life, that of those who went up in them included. */
  #grantEntry(writer: LedgerWriter, member: HeldMember, { id, entryPoints }: TierLevel): void {
    const entered = this.#entered.get(member.memberId) ?? new Set();
    if (entryPoints === null || entered.has(id)) return;
    this.#entered.set(member.memberId, entered.add(id));
    const { newest, timeZone } = this.#terms;
    const draft = planAward(member.ledger, {
      targetPoints: entryPoints,
      givenPoints: 0,
      entriesSoFar: 0,
      subject: { kind: 'grant', name: `tier/${id}`, memberId: member.memberId, orderId: null },
      terms: lotTermsOf({ program: newest.program, occasionMs: this.#nowMs, orderId: null, timeZone }),
      programVersion: newest.version,
      occurredAtMs: this.#nowMs,
      nowMs: this.#nowMs,
      reason: { code: 'tier-reached', tierId: id },
    });
    if (draft !== null) writer.append(member, draft);
  }
}

interface OpenInput {
  readonly members: readonly HeldMember[];
  readonly terms: ProgramTerms;
  readonly nowMs: number;
  /** Those that entries of this transaction are about: their points count from when they were placed. */
  readonly orders?: readonly Pick<EarningOrder, 'orderId' | 'processedAtMs'>[];
}

interface Loaded {
  readonly changes: Map<bigint, TierChange[]>;
  readonly facts: Map<bigint, TierFact[]>;
  readonly entered: Map<bigint, Set<string>>;
  readonly placedMs: ReadonlyMap<bigint, number>;
}

interface FactsInput {
  readonly tiers: Tiers;
  readonly members: readonly HeldMember[];
  readonly nowMs: number;
}

/** By member, as the basis counts: points by the ledger alone, spend and orders by the orders alone. */
async function loadFacts(connection: pg.PoolClient, shop: ShopRef, { tiers, members, nowMs }: FactsInput): Promise<Map<bigint, TierFact[]>> {
  const byMember = (facts: (member: HeldMember) => TierFact[] | undefined) => new Map(members.map((member) => [member.memberId, facts(member) ?? []]));
  if (tiers.basis === 'points') {
    const points = await loadPointsFacts(connection, shop, members.map(({ memberId }) => memberId));
    return byMember(({ memberId }) => points.get(memberId));
  }
  const since = tiers.window === 'lifetime' ? null : new Date(nowMs - LOOKS_BACK_MS);
  const orders = await loadOrderFacts(connection, shop, { customerIds: members.map(({ customerId }) => customerId), since });
  return byMember(({ customerId }) => orders.get(customerId));
}

function reviewedTiers({ newest: { program } }: ProgramTerms): Tiers | null {
  return program.status.kind === 'live' && program.tiers !== null && program.tiers.levels.length > 0 ? program.tiers : null;
}

