/** Gauss and Legendre's sixteen points: the positive nodes and their weights. */
const NODES = [
  [0.09501250983763744, 0.1894506104550685],
  [0.2816035507792589, 0.18260341504492358],
  [0.45801677765722737, 0.16915651939500254],
  [0.6178762444026438, 0.14959598881657674],
  [0.755404408355003, 0.12462897125553388],
  [0.8656312023878318, 0.09515851168249279],
  [0.9445750230732326, 0.062253523938647894],
  [0.9894009349916499, 0.027152459411754096],
] as const;

/** Over a panel the integrand changes by no more than e^8, and its variable e^3-fold: sixteen points then suffice. */
const LARGEST_CHANGE = 8;
const WIDEST_PANEL = 3;
const ENOUGH_DIGITS = 1e-18;
const FIRST_ROOM = 256;

export interface Leaving {
  /** Of the purchase rate, gamma(shape, rate) once it is known that there were no purchases. */
  readonly shape: number;
  readonly scale: number;
  /** Of the rate of leaving. */
  readonly s: number;
  readonly beta: number;
  readonly span: number;
}

/**
 * The chance to leave within `span` of now and to have bought nothing until then,
 *
 *   integral over y from 0 to span of (1 + y / scale)^-shape * (s / beta) (1 + y / beta)^-(s + 1)
 *
 * It is what the Pareto/NBD model's likelihood and P(alive) need a difference of two Gauss hypergeometric functions for
 * (Schmittlein, Morrison and Colombo 1987; Fader and Hardie's note of 2005). As an integral it has positive terms only,
 * no cases by which of alpha and beta is larger, and derivatives by all parameters at the same points. The variable is
 * the logarithm of the smaller of the two shifted times: in it the integrand is smooth and has one peak.
 *
 * The points and their shares of the whole stay in this object until the next call.
 */
export class LeavingIntegral {
  points = new Float64Array(FIRST_ROOM);
  shares = new Float64Array(FIRST_ROOM);
  /** ln(1 + y / scale) and ln(1 + y / beta) at the points. */
  grownScales = new Float64Array(FIRST_ROOM);
  grownBetas = new Float64Array(FIRST_ROOM);
  count = 0;

  /** Its logarithm; -Infinity over an empty span. */
  logOf(leaving: Leaving): number {
    this.count = 0;
    if (!(leaving.span > 0)) return -Infinity;
    const near = Math.min(leaving.scale, leaving.beta);
    const end = Math.log1p(leaving.span / near);
    let total = 0;
    let from = 0;
    while (from < end) {
      const width = panelWidth(leaving, near, from, end - from);
      const part = this.#addPanel(leaving, near, from, width);
      total += part;
      from = width === end - from ? end : from + width;
      if (part < ENOUGH_DIGITS * total) break;
    }
    for (let i = 0; i < this.count; i += 1) this.shares[i] = (this.shares[i] ?? NaN) / total;
    return Math.log(leaving.s * total);
  }

  #addPanel({ shape, scale, s, beta }: Leaving, near: number, from: number, width: number): number {
    if (this.count + 2 * NODES.length > this.points.length) this.#grow();
    let part = 0;
    for (const [node, weight] of NODES) {
      for (let side = -1; side <= 1; side += 2) {
        const point = near * Math.expm1(from + (width / 2) * (1 + side * node));
        const grownScale = Math.log1p(point / scale);
        const grownBeta = Math.log1p(point / beta);
        const height = Math.exp(-shape * grownScale - s * grownBeta);
        const share = ((weight * width) / 2) * height * ((near + point) / (beta + point));
        this.points[this.count] = point;
        this.grownScales[this.count] = grownScale;
        this.grownBetas[this.count] = grownBeta;
        this.shares[this.count] = share;
        this.count += 1;
        part += share;
      }
    }
    return part;
  }

  #grow(): void {
    const doubled = (from: Float64Array) => {
      const to = new Float64Array(2 * from.length);
      to.set(from);
      return to;
    };
    this.points = doubled(this.points);
    this.shares = doubled(this.shares);
    this.grownScales = doubled(this.grownScales);
    this.grownBetas = doubled(this.grownBetas);
  }
}

/** The integrand falls faster and faster, so its slope at a panel's end bounds its change over the panel. */
function panelWidth({ shape, scale, s, beta }: Leaving, near: number, from: number, most: number): number {
  let width = Math.min(most, WIDEST_PANEL);
  for (;;) {
    const shifted = near * Math.exp(from + width);
    const slope = 1 + (shape * shifted) / (scale - near + shifted) + ((s + 1) * shifted) / (beta - near + shifted);
    if (width * slope <= LARGEST_CHANGE) return width;
    width = Math.min(width / 2, Math.max(width / 16, LARGEST_CHANGE / slope));
  }
}
