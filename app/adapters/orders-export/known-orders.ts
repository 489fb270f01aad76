import { NumberMap } from './number-map.ts';
import { NumberSet } from './number-set.ts';
import { copyOf } from './text-keeper.ts';

const SHOPIFY_ID = /^[1-9]\d{0,14}$/;
const USUAL_NAME = /^#([1-9]\d{0,14})$/;
const DIGITS_OF_NAME = /(\d{1,15})\D*$/;

/** Lines that came before the order that they are of. */
export interface WaitingLines {
  name: string;
  /** The first of them in the file. */
  line: number;
  lines: number;
}

/**
 * Which orders have been read, and under which numbers lines are kept that stand apart from their order. An order is told
 * by its Id, and by its Name where the file has no Id (or an office program made 5.1E+12 of it).
 */
export class KnownOrders {
  /** Of the orders that have been read. */
  readonly #ids = new NumberSet();
  /** The number of the order or, until that is read, the one that its lines are kept under. */
  readonly #usualNames = new NumberMap();
  readonly #otherNames = new Map<string, number>();
  readonly #waiting = new Map<number, WaitingLines>();
  /** The numbers of orders by those that their lines were kept under before. */
  readonly #ordersOfLines = new NumberMap();
  #madeUp = 0;

  /** Whether the order has been read; lines of it alone do not make it known. */
  has(name: string, id: string): boolean {
    if (SHOPIFY_ID.test(id)) return this.#ids.has(Number(id));
    const known = this.#numberNamed(name);
    return known !== undefined && !this.#waiting.has(known);
  }

  /** Remembers the order and gives it a number of its own: its Id, the digits of its name, or one that no order has. */
  add(name: string, id: string): number {
    const orderId = this.#freeId(name, id);
    const ofLines = this.#numberNamed(name);
    if (ofLines === undefined) this.#remember(name, orderId);
    else if (this.#waiting.delete(ofLines)) {
      this.#ordersOfLines.set(ofLines, orderId);
      this.#remember(name, orderId);
    }
    this.#waiting.delete(orderId);
    this.#ids.add(orderId);
    return orderId;
  }

  /** The number under which lines are kept that stand apart from their order, whether or not that has been read. */
  numberOfLines({ name, id, ...found }: WaitingLines & { id: string }): number {
    const known = SHOPIFY_ID.test(id) ? Number(id) : (this.#numberNamed(name) ?? this.#madeUpId());
    const waiting = this.#waiting.get(known);
    if (waiting !== undefined) waiting.lines += found.lines;
    else if (!this.#ids.has(known)) {
      this.#waiting.set(known, { name: copyOf(name), ...found });
      if (this.#numberNamed(name) === undefined) this.#remember(name, known);
    }
    return known;
  }

  /** The number of the order, whose lines came under another one where they came first. */
  readonly orderOfLines = (number: number): number => this.#ordersOfLines.get(number) ?? number;

  /** Lines of which no order has come. */
  waiting(): Iterable<WaitingLines> {
    return this.#waiting.values();
  }

  #numberNamed(name: string): number | undefined {
    const usual = USUAL_NAME.exec(name);
    return usual === null ? this.#otherNames.get(name) : this.#usualNames.get(Number(usual[1]));
  }

  #remember(name: string, number: number): void {
    const usual = USUAL_NAME.exec(name);
    if (usual !== null) this.#usualNames.set(Number(usual[1]), number);
    else if (name !== '') this.#otherNames.set(copyOf(name), number);
  }

  #freeId(name: string, id: string): number {
    if (SHOPIFY_ID.test(id)) return Number(id);
    const digits = DIGITS_OF_NAME.exec(name);
    const ofName = digits === null ? NaN : Number(digits[1]);
    return Number.isNaN(ofName) || this.#ids.has(ofName) ? this.#madeUpId() : ofName;
  }

  #madeUpId(): number {
    this.#madeUp += 1;
    return -this.#madeUp;
  }
}
