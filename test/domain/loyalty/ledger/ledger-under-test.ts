import type { EntryDraft, LotTerms } from '#app/domain/loyalty/ledger/entry.ts';
import { requireSoundPostings } from '#app/domain/loyalty/ledger/entry.ts';
import { applyPostings, checkMemberLedger, deriveBalance, EMPTY_LEDGER, inSpendingOrder } from '#app/domain/loyalty/ledger/member-ledger.ts';
import type { MemberLedger } from '#app/domain/loyalty/ledger/member-ledger.ts';
import type { EndedPoints } from '#app/domain/loyalty/ledger/move-points.ts';
import type { HeldPoints } from '#app/domain/loyalty/ledger/plan-redemption.ts';

/** Whoever was writing is no more. */
export class KilledError extends Error {}

/** The ledger of one member, kept as the database keeps it: entries that are added, each key once. */
export class LedgerUnderTest {
  ledger: MemberLedger = EMPTY_LEDGER;
  sequence = 0;
  /** The next entry is decided and never written. */
  isDying = false;
  readonly #entries: EntryDraft[] = [];
  readonly #terms = new Map<number, LotTerms>();
  /** Of the whole shop, as the unique index is. */
  readonly #keys: Set<string>;

  constructor(keys: Set<string>) {
    this.#keys = keys;
  }

  append(draft: EntryDraft | null): void {
    if (draft === null) return;
    if (this.isDying) throw new KilledError(draft.key);
    requireSoundPostings(draft.postings);
    if (this.#keys.has(draft.key)) throw new Error(`${draft.key} is there already`);
    for (const { lotNo, opens } of draft.postings) if (lotNo !== null && opens !== null) this.#terms.set(lotNo, opens);
    const ledger = applyPostings(this.ledger, draft.postings);
    const findings = checkMemberLedger(ledger);
    if (findings.length > 0) throw new Error(`${draft.key}: ${findings.join(', ')}`);
    this.#keys.add(draft.key);
    this.#entries.push(draft);
    this.ledger = ledger;
    this.sequence += 1;
  }

  /** Somebody else comes, who knows nothing but the entries: the sums of their postings by lot, as the database adds them up. */
  restart(): void {
    this.isDying = false;
    const postings = this.#entries.flatMap((entry) => entry.postings);
    const sumOf = (account: string, lotNo: number | null) =>
      postings.filter((posting) => posting.account === account && posting.lotNo === lotNo).reduce((sum, { points }) => sum + points, 0);
    const lots = [...this.#terms].map(([lotNo, terms]) => ({
      ...{ lotNo, ...terms },
      ...{ customer: sumOf('customer', lotNo), pending: sumOf('pending', lotNo), reserved: sumOf('reserved', lotNo) },
    }));
    this.ledger = {
      lots: lots.filter(({ customer, pending, reserved }) => customer !== 0 || pending !== 0 || reserved !== 0).sort(inSpendingOrder),
      debtPoints: 0 - sumOf('customer', null),
      nextLotNo: Math.max(0, ...this.#terms.keys()) + 1,
    };
  }

  balance() {
    return deriveBalance(this.ledger);
  }

  /** As `PointsModel.shape`. */
  shape(): Record<string, number> {
    const shape: Record<string, number> = this.ledger.debtPoints > 0 ? { owed: this.ledger.debtPoints } : {};
    const add = (place: string, points: number): void => {
      if (points > 0) shape[place] = (shape[place] ?? 0) + points;
    };
    for (const { customer, pending, reserved, expiresOn, maturesAtMs, orderId } of this.ledger.lots) {
      const ends = `of ${orderId} until ${expiresOn}`;
      add(`spendable ${ends}`, customer);
      add(`held ${ends}`, reserved);
      add(`pending ${ends} from ${maturesAtMs}`, pending);
    }
    return shape;
  }

  totals() {
    const sum = (account: string): number =>
      this.#entries.flatMap(({ postings }) => postings).filter((posting) => posting.account === account).reduce((total, { points }) => total + points, 0);
    return { issued: 0 - sum('issued'), redeemed: sum('redeemed'), expired: sum('expired'), adjusted: 0 - sum('adjustment') };
  }

  /** What of an order ended here, and what was taken back of that. */
  endedOf(orderId: bigint): EndedPoints {
    let [points, takenBackPoints] = [0, 0];
    for (const { kind, source, postings } of this.#entries) {
      for (const posting of postings) {
        const isOfOrder = posting.lotNo !== null && this.#terms.get(posting.lotNo)?.orderId === orderId;
        if (kind === 'expiry' && isOfOrder && posting.points < 0) points -= posting.points;
        if (kind === 'order' && source.orderId === orderId && posting.account === 'expired') takenBackPoints -= posting.points;
      }
    }
    return { points, takenBackPoints };
  }

  /** What a redemption took, in the order in which it did. */
  heldBy(redemptionId: string): HeldPoints {
    const reserve = this.#entries.find(({ kind, source }) => kind === 'reserve' && source.redemptionId === redemptionId);
    const lots = (reserve?.postings ?? []).flatMap(({ account, lotNo, points }) => {
      const terms = lotNo === null ? undefined : this.#terms.get(lotNo);
      return account === 'reserved' && lotNo !== null && terms !== undefined ? [{ lotNo, points, ...terms }] : [];
    });
    return { lots };
  }
}
