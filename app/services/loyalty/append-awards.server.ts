import type { HeldMember, LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import type { OrderEntry } from '#app/adapters/db/loyalty/order-entries.repository.server.ts';
import { assessForAward } from '#app/domain/loyalty/accrual/assess-order.ts';
import type { OrderStanding } from '#app/domain/loyalty/accrual/assess-order.ts';
import { occasionMsOf } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { EntryDraft, LotTerms } from '#app/domain/loyalty/ledger/entry.ts';
import { lotTermsOf } from '#app/domain/loyalty/ledger/lot-terms.ts';
import { NONE_ENDED } from '#app/domain/loyalty/ledger/move-points.ts';
import type { EndedPoints } from '#app/domain/loyalty/ledger/move-points.ts';
import { planAward } from '#app/domain/loyalty/ledger/plan-award.ts';
import { planRevival, withoutTakenBack } from '#app/domain/loyalty/ledger/plan-revival.ts';
import type { LostPoints } from '#app/domain/loyalty/ledger/plan-revival.ts';
import { isExcludedAt } from '#app/domain/loyalty/members/exclusion.ts';
import type { ExclusionChange } from '#app/domain/loyalty/members/exclusion.ts';
import { lookedBackAtMs } from '#app/domain/loyalty/program/version-in-force.ts';
import type { ProgramVersion } from '#app/domain/loyalty/program/version-in-force.ts';
import { tierAt } from '#app/domain/loyalty/tiers/tier-at.ts';
import { appendWhatIsOver } from '#app/services/loyalty/append-what-is-over.server.ts';
import type { PastLives } from '#app/services/loyalty/find-past-lives.server.ts';
import { expiryTermsOf } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { TierReview } from '#app/services/loyalty/review-tiers.server.ts';

export interface AwardsInput {
  readonly orders: readonly EarningOrder[];
  readonly terms: ProgramTerms;
  /** All whose points may change, and all whom one of them has gone up in; their rows are held. */
  readonly members: readonly HeldMember[];
  readonly tiers: TierReview;
  /** About these orders, the oldest first. */
  readonly entries: readonly OrderEntry[];
  /** Those of the orders before which their customer has none that stands. */
  readonly firstOrderIds: ReadonlySet<bigint>;
  /** By member, the oldest first. */
  readonly exclusions: ReadonlyMap<bigint, readonly ExclusionChange[]>;
  readonly past: PastLives;
  readonly nowMs: number;
}

interface Turn extends AwardsInput {
  /** What came back by an earlier order of the same turn. */
  readonly revived: Set<LostPoints>;
  /** As in `past`, with what this turn has taken back. */
  readonly ended: Map<bigint, EndedPoints>;
}

/** Appends what the orders should have given and did not yet, the earliest order first. */
export function appendAwards(writer: LedgerWriter, awards: AwardsInput): void {
  const input: Turn = { ...awards, revived: new Set(), ended: new Map(awards.past.ended) };
  const inTime = [...input.orders].sort((a, b) => a.processedAtMs - b.processedAtMs || (a.orderId < b.orderId ? -1 : 1));
  // Before anybody gets them, or for a moment a member would have the points of two first orders, and reach a tier by them.
  for (const order of inTime) if (!input.firstOrderIds.has(order.orderId)) takeFirstOrderBack(writer, order, input);
  for (const order of inTime) appendAward(writer, order, input);
}

function appendAward(writer: LedgerWriter, order: EarningOrder, input: Turn): void {
  const { terms, nowMs, ended } = input;
  const owner = survivorOf(input.members, input.members.find(({ customerId }) => customerId === order.customerId));
  const entries = input.entries.filter(({ orderId }) => orderId === order.orderId);
  const changes = owner === undefined ? [] : (input.tiers.changes.get(owner.memberId) ?? []);
  const standing = assessForAward(order, {
    entries,
    versions: terms.versions,
    tierIn: ({ program }) => tierAt(program, changes, order.processedAtMs),
  });
  if (standing === null) return;
  const backMs = lookedBackAtMs(standing.version, order.processedAtMs);
  // An order shows that the member is about: what was over before it is over all the same.
  if (owner !== undefined) appendWhatIsOver(writer, owner, { terms, nowMs: Math.min(order.processedAtMs, nowMs) });
  // Who was forgotten is a pseudonym, to whom nothing is given any more.
  const isOut = owner !== undefined && (owner.customerId < 0n || isExcludedAt(input.exclusions.get(owner.memberId) ?? [], order.processedAtMs));
  if (owner !== undefined && !isOut && owner.lastSequence === 0 && standing.targetPoints > 0) welcome(writer, owner, { order, standing, input });
  const awards = entries.filter(({ kind }) => kind === 'order');
  const given = givenByMember(input.members, awards);
  if (owner !== undefined && !given.has(owner)) given.set(owner, 0);
  let entriesSoFar = awards.length;
  for (const [member, givenPoints] of given) {
    // An order that was given to somebody else takes its points along.
    const isOwner = member === owner;
    const earns = isOwner && !(isOut && givenPoints === 0);
    const draft = planAward(member.ledger, {
      targetPoints: earns ? standing.targetPoints : 0,
      givenPoints,
      entriesSoFar,
      subject: { kind: 'order', orderId: order.orderId },
      ended: ended.get(order.orderId) ?? NONE_ENDED,
      terms: lotTermsUnder(standing.version, order, terms),
      programVersion: standing.version.version,
      occurredAtMs: awards.length === 0 ? order.processedAtMs : nowMs,
      nowMs,
      reason: isOwner ? standing.reason : { code: 'order-of-another' },
    });
    if (draft === null) continue;
    // Who bought before there was a program has been about since it looks back at that.
    writer.append(member, draft, Math.max(draft.occurredAtMs, backMs ?? 0));
    noteTakenBack(ended, order, draft);
    entriesSoFar += 1;
  }
  if (input.firstOrderIds.has(order.orderId)) grantFirstOrder(writer, order, { owner, isOut, standing, input });
  if (owner !== undefined && awards.length === 0) {
    if (standing.targetPoints > 0 && !isOut) revive(writer, owner, { order, input });
    if (backMs === null) input.tiers.riseBy(writer, owner, order);
  }
}

/** What an order of before the program gives ends no sooner than had it been given when the program began to look back. */
function lotTermsUnder(version: ProgramVersion, order: EarningOrder, { timeZone }: ProgramTerms): LotTerms {
  const { program } = version;
  const backMs = lookedBackAtMs(version, order.processedAtMs);
  return lotTermsOf({ program, occasionMs: occasionMsOf(order, program.earning), orderId: order.orderId, lookedBackAtMs: backMs, timeZone });
}

/** What ended because we did not know of this order yet comes back. */
function revive(writer: LedgerWriter, member: HeldMember, { order: { orderId, processedAtMs }, input }: { order: EarningOrder; input: Turn }): void {
  const { terms, nowMs, past, revived, ended } = input;
  for (const lost of past.lost.get(member.memberId) ?? []) {
    const left = withoutTakenBack(lost, ended);
    const draft = left && planRevival(member.ledger, left, { orderId, processedAtMs, terms: expiryTermsOf(terms, member), nowMs });
    if (draft === null || revived.has(lost)) continue;
    revived.add(lost);
    writer.append(member, draft);
  }
}

interface WelcomeInput {
  readonly order: EarningOrder;
  readonly standing: OrderStanding;
  readonly input: AwardsInput;
}

/**
 * For becoming a member, which a first order does: at its time, so that it makes no difference when we hear of it. Who went
 * up in this one was welcomed already, and who has a legacy account to activate is welcomed as they do: see `welcomeOf`.
 */
function welcome(writer: LedgerWriter, member: HeldMember, { order: { processedAtMs }, standing, input }: WelcomeInput): void {
  const { version } = standing;
  const points = version.program.earning.welcomePoints ?? 0;
  if (points === 0 || input.past.knownBefore.has(member.memberId) || input.past.awaitingAccount.has(member.memberId)) return;
  const { nowMs, terms } = input;
  const draft = planAward(member.ledger, {
    targetPoints: points,
    givenPoints: 0,
    entriesSoFar: 0,
    subject: { kind: 'grant', name: 'welcome', memberId: member.memberId, orderId: null },
    terms: lotTermsOf({ program: version.program, occasionMs: processedAtMs, orderId: null, lookedBackAtMs: lookedBackAtMs(version, processedAtMs), timeZone: terms.timeZone }),
    programVersion: version.version,
    occurredAtMs: processedAtMs,
    nowMs,
    reason: { code: 'welcome' },
  });
  if (draft !== null) writer.append(member, draft);
}

interface FirstOrderInput {
  readonly owner: HeldMember | undefined;
  /** Whoever has none of them yet gets none: the owner earned nothing when the order was placed. */
  readonly isOut: boolean;
  readonly standing: OrderStanding;
  readonly input: Turn;
}

/** The points for a first order come with the earliest order of a customer that stands, for as long as it earns. */
function grantFirstOrder(writer: LedgerWriter, order: EarningOrder, { owner, isOut, standing, input }: FirstOrderInput): void {
  const { grants, given } = firstOrderGrants(order, input);
  if (owner !== undefined && !given.has(owner)) given.set(owner, 0);
  let entriesSoFar = grants.length;
  for (const [member, givenPoints] of given) {
    const version = versionOfGrants(grants, input) ?? standing.version;
    const isOwner = member === owner;
    const earns = isOwner && standing.targetPoints > 0 && !(isOut && givenPoints === 0);
    const targetPoints = earns ? (version.program.earning.firstOrderPoints ?? 0) : 0;
    const code = targetPoints > 0 ? 'first-order' : isOwner ? 'first-order-undone' : 'order-of-another';
    if (appendFirstOrder(writer, order, { member, givenPoints, entriesSoFar, targetPoints, version, code, input })) entriesSoFar += 1;
  }
}

/** An earlier order turned out to be the first, or the order is somebody's who has others before it. */
function takeFirstOrderBack(writer: LedgerWriter, order: EarningOrder, input: Turn): void {
  const { grants, given } = firstOrderGrants(order, input);
  const version = versionOfGrants(grants, input);
  let entriesSoFar = grants.length;
  for (const [member, givenPoints] of given) {
    if (version === undefined) continue;
    const code = member.customerId === order.customerId ? 'not-first-order' : 'order-of-another';
    if (appendFirstOrder(writer, order, { member, givenPoints, entriesSoFar, targetPoints: 0, version, code, input })) entriesSoFar += 1;
  }
}

function firstOrderGrants({ orderId }: EarningOrder, { entries, members }: Turn): { grants: OrderEntry[]; given: Map<HeldMember, number> } {
  const grants = entries.filter((entry) => entry.orderId === orderId && entry.kind === 'grant');
  return { grants, given: givenByMember(members, grants) };
}

function versionOfGrants([first]: readonly OrderEntry[], { terms }: Turn): ProgramVersion | undefined {
  return first && terms.versions.find(({ version }) => version === first.programVersion);
}

interface FirstOrderEntry {
  readonly member: HeldMember;
  readonly givenPoints: number;
  readonly entriesSoFar: number;
  readonly targetPoints: number;
  readonly version: ProgramVersion;
  readonly code: string;
  readonly input: Turn;
}

function appendFirstOrder(writer: LedgerWriter, order: EarningOrder, entry: FirstOrderEntry): boolean {
  const { member, givenPoints, entriesSoFar, targetPoints, version, code, input } = entry;
  const draft = planAward(member.ledger, {
    targetPoints,
    givenPoints,
    entriesSoFar,
    // By order: of one member several may have been the first, one after the other.
    subject: { kind: 'grant', name: `first-order/${order.orderId}`, memberId: member.memberId, orderId: order.orderId },
    ended: input.ended.get(order.orderId) ?? NONE_ENDED,
    terms: lotTermsUnder(version, order, input.terms),
    programVersion: version.version,
    occurredAtMs: entriesSoFar === 0 ? order.processedAtMs : input.nowMs,
    nowMs: input.nowMs,
    reason: { code },
  });
  if (draft === null) return false;
  writer.append(member, draft);
  noteTakenBack(input.ended, order, draft);
  return true;
}

/** So that the next entry about the order does not take the same points back again. */
function noteTakenBack(ended: Map<bigint, EndedPoints>, { orderId }: EarningOrder, { postings }: EntryDraft): void {
  const known = ended.get(orderId);
  const takenBack = postings.reduce((sum, { account, points }) => (account === 'expired' ? sum - points : sum), 0);
  if (known !== undefined && takenBack !== 0) ended.set(orderId, { ...known, takenBackPoints: known.takenBackPoints + takenBack });
}

/** What was given so far, by who has it now. */
function givenByMember(members: readonly HeldMember[], entries: readonly OrderEntry[]): Map<HeldMember, number> {
  const given = new Map<HeldMember, number>();
  for (const { memberId, givenPoints } of entries) {
    const member = survivorOf(members, members.find((candidate) => candidate.memberId === memberId));
    if (member !== undefined) given.set(member, (given.get(member) ?? 0) + givenPoints);
  }
  return given;
}

/** Whom a member has gone up in, or the member. */
export function survivorOf(members: readonly HeldMember[], member: HeldMember | undefined): HeldMember | undefined {
  let survivor = member;
  // A merge never leads back, and there are not more of them than members.
  for (let step = 0; step < members.length && survivor !== undefined && survivor.mergedInto !== null; step += 1) {
    const into: bigint = survivor.mergedInto;
    survivor = members.find(({ memberId }) => memberId === into);
  }
  return survivor;
}
