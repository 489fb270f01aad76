/**
 * What the ledger means, one object a point, so that a reader can check it by eye. It knows nothing of postings, lots as
 * sums, keys or entries, and is far too slow for anything but tests.
 */
export interface ModelPoint {
  /** Points given together share it; it grows. */
  readonly batch: number;
  readonly orderId: number | null;
  readonly maturesAtMs: number;
  /** Null: only the member's inactivity ends it. */
  readonly expiresOn: number | null;
  state: 'pending' | 'spendable' | 'held';
}

export interface ModelExpiry {
  /** Today, and the day on which a point without a day of its own is over; null for never. */
  readonly today: number;
  readonly inactiveOn: number | null;
  readonly graceDays: number;
}
type Given = Pick<ModelPoint, 'orderId' | 'maturesAtMs' | 'expiresOn'>;

export class PointsModel {
  points: ModelPoint[] = [];
  owed = 0;
  readonly givenByOrder = new Map<number, number>();
  /** By order, points that ended unspent: those that it may still take back, and those that it has. */
  readonly ended = { left: new Map<number, number>(), takenBack: new Map<number, number>() };
  /** In the order in which they were taken. */
  readonly held = new Map<string, ModelPoint[]>();
  readonly spent = new Map<string, ModelPoint[]>();
  totals = { issued: 0, redeemed: 0, expired: 0, adjusted: 0 };
  #batches = 0;

  balance() {
    const count = (state: ModelPoint['state']) => this.points.filter((point) => point.state === state).length;
    return { points: count('spendable') - this.owed, pendingPoints: count('pending'), reservedPoints: count('held') };
  }

  /** How many points end on which day, as what; the whole state but for what they were called. */
  shape(): Record<string, number> {
    const shape: Record<string, number> = this.owed > 0 ? { owed: this.owed } : {};
    for (const { state, expiresOn, maturesAtMs, orderId } of this.points) {
      const place = `${state} of ${orderId} until ${expiresOn}${state === 'pending' ? ` from ${maturesAtMs}` : ''}`;
      shape[place] = (shape[place] ?? 0) + 1;
    }
    return shape;
  }

  /** The order should have given so many by now. */
  order(orderId: number, target: number, given: Given, nowMs: number): void {
    const difference = target - (this.givenByOrder.get(orderId) ?? 0);
    this.givenByOrder.set(orderId, target);
    this.totals.issued += difference;
    // What it took back of what had ended has ended again.
    const again = Math.max(0, Math.min(difference, this.ended.takenBack.get(orderId) ?? 0));
    this.#forgive(orderId, -again);
    if (difference > 0) this.#give(difference - again, { ...given, orderId }, nowMs);
    else this.#takeBack(-difference, orderId);
  }

  adjust(points: number, given: Given, nowMs: number, as: 'adjusted' | 'issued' = 'adjusted'): void {
    this.totals[as] += points;
    if (points > 0) this.#give(points, given, nowMs);
    else this.#takeBack(-points, null);
  }

  mature(nowMs: number): void {
    const ready = this.#inSpendingOrder().filter(({ state, maturesAtMs }) => state === 'pending' && maturesAtMs <= nowMs);
    for (const point of ready) this.#makeSpendable(point);
  }

  expire(expiry: ModelExpiry): void {
    this.#drop(this.points.filter((point) => point.state === 'spendable' && isOver(point, expiry)));
  }

  /** The person was forgotten: nothing is left but what is held. */
  end(): void {
    this.#drop(this.points.filter(({ state }) => state !== 'held'));
    this.totals.adjusted += this.owed;
    this.owed = 0;
  }

  reserve(redemption: string, count: number): boolean {
    if (this.balance().points < count) return false;
    const taken = this.#inSpendingOrder().filter(({ state }) => state === 'spendable').slice(0, count);
    for (const point of taken) point.state = 'held';
    this.held.set(redemption, taken);
    return true;
  }

  capture(redemption: string): void {
    const taken = this.#settle(redemption);
    this.points = this.points.filter((point) => !taken.includes(point));
    this.totals.redeemed += taken.length;
    this.spent.set(redemption, taken);
  }

  release(redemption: string, expiry: ModelExpiry, nowMs: number): void {
    this.#comeBack(this.#settle(redemption), expiry, nowMs);
  }

  /** What was taken last comes back first. */
  giveBack(redemption: string, count: number, expiry: ModelExpiry, nowMs: number): void {
    const spent = this.spent.get(redemption) ?? [];
    const back = spent.splice(Math.max(0, spent.length - count)).reverse();
    this.totals.redeemed -= back.length;
    const onTime = back.filter((point) => !isOver(point, expiry));
    for (const batch of new Set(onTime.map((point) => point.batch))) {
      const together = onTime.filter((point) => point.batch === batch);
      if (together[0] !== undefined) this.#give(together.length, together[0], nowMs);
    }
    this.#giveLate(back.length - onTime.length, expiry, nowMs);
  }

  /** Everything but what is held, and what is owed, goes to another. */
  moveTo(other: PointsModel, nowMs: number): void {
    const moving = this.#inSpendingOrder().filter(({ state }) => state !== 'held');
    this.points = this.points.filter(({ state }) => state === 'held');
    other.#takeBack(this.owed, null);
    this.owed = 0;
    for (const batch of new Set(moving.map((point) => point.batch))) {
      const together = moving.filter((point) => point.batch === batch);
      const spendable = together.filter(({ state }) => state === 'spendable');
      const [first] = together;
      if (first === undefined) continue;
      other.#give(spendable.length, { ...first, maturesAtMs: Math.min(first.maturesAtMs, nowMs) }, nowMs);
      other.#give(together.length - spendable.length, first, nowMs);
    }
  }

  #settle(redemption: string): ModelPoint[] {
    const taken = this.held.get(redemption) ?? [];
    this.held.delete(redemption);
    return taken;
  }

  #give(count: number, { orderId, maturesAtMs, expiresOn }: Given, nowMs: number): void {
    this.#batches += 1;
    for (let made = 0; made < count; made += 1) {
      const point: ModelPoint = { batch: this.#batches, orderId, maturesAtMs, expiresOn, state: 'pending' };
      this.points.push(point);
      if (maturesAtMs <= nowMs) this.#makeSpendable(point);
    }
  }

  /** Who owes pays before they have. */
  #makeSpendable(point: ModelPoint): void {
    point.state = 'spendable';
    if (this.owed === 0) return;
    this.owed -= 1;
    this.points = this.points.filter((other) => other !== point);
  }

  #takeBack(count: number, orderId: number | null): void {
    const sorted = this.#inSpendingOrder();
    const own = orderId === null ? [] : sorted.filter((point) => point.orderId === orderId);
    const taken = (['pending', 'spendable'] as const).flatMap((wanted) => own.filter(({ state }) => state === wanted)).slice(0, count);
    // Nobody could spend what has ended, so nobody owes it.
    const forgiven = Math.min(count - taken.length, this.ended.left.get(orderId ?? -1) ?? 0);
    this.#forgive(orderId ?? -1, forgiven);
    taken.push(...sorted.filter((point) => !own.includes(point) && point.state === 'spendable').slice(0, count - taken.length - forgiven));
    this.points = this.points.filter((point) => !taken.includes(point));
    this.owed += count - taken.length - forgiven;
  }

  #forgive(orderId: number, count: number): void {
    add(this.ended.left, orderId, -count);
    add(this.ended.takenBack, orderId, count);
    this.totals.expired -= count;
  }

  #comeBack(points: readonly ModelPoint[], expiry: ModelExpiry, nowMs: number): void {
    for (const point of points.filter((candidate) => !isOver(candidate, expiry))) this.#makeSpendable(point);
    const late = points.filter((point) => isOver(point, expiry));
    this.points = this.points.filter((point) => !late.includes(point));
    this.#giveLate(late.length, expiry, nowMs);
  }

  #giveLate(count: number, { today, graceDays }: ModelExpiry, nowMs: number): void {
    this.#give(count, { orderId: null, maturesAtMs: nowMs, expiresOn: today + 1 + graceDays }, nowMs);
  }

  #drop(over: readonly ModelPoint[]): void {
    this.totals.expired += over.length;
    for (const { orderId } of over) if (orderId !== null) add(this.ended.left, orderId, 1);
    this.points = this.points.filter((point) => !over.includes(point));
  }

  #inSpendingOrder(): ModelPoint[] {
    return [...this.points].sort((a, b) => day(a) - day(b) || a.batch - b.batch);
  }
}

export const add = (counts: Map<number, number>, key: number, count: number) => counts.set(key, (counts.get(key) ?? 0) + count);
function isOver({ expiresOn }: ModelPoint, { today, inactiveOn }: ModelExpiry): boolean {
  const over = expiresOn ?? inactiveOn;
  return over !== null && over <= today;
}
const day = ({ expiresOn }: ModelPoint): number => expiresOn ?? Number.MAX_SAFE_INTEGER;
