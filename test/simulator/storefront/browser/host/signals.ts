const LATE_BY_MS = 300;

type SignalClass = new (value: unknown) => object;

/** A value that nothing follows: what the API gives out until the extension brings its own Signal class. */
class PlainSignal {
  value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  get current(): unknown {
    return this.value;
  }

  subscribe(follow: (value: unknown) => void): () => void {
    follow(this.value);
    return () => {};
  }
}

/** The reactive values of the API, made with the Signal class that the extension hands over by `setSignals`. */
export class Signals {
  #signalClass: SignalClass = PlainSignal;
  readonly #renew: (() => void)[] = [];

  /** An object whose fields are signals of the given values. */
  of<Values extends Record<string, unknown>>(values: Values): Record<keyof Values, object> {
    const made = new Map<string, object>();
    const renew = (): void => {
      for (const [name, value] of Object.entries(values)) made.set(name, new this.#signalClass(value));
    };
    renew();
    this.#renew.push(renew);
    const fields = Object.keys(values).map((name) => [name, { get: () => made.get(name), enumerable: true }]);
    return Object.defineProperties(Object.create(null), Object.fromEntries(fields));
  }

  useClass(signalClass: SignalClass): void {
    this.#signalClass = signalClass;
    for (const renew of this.#renew) renew();
  }
}

/** As `of`, where one value is only there after the extension has begun. */
export function withLate<Name extends string>(signals: Signals, values: Record<string, unknown>, { name, isLate }: { name: Name; isLate: boolean }): Record<string, object> {
  const told = { ...values, ...(isLate ? { [name]: undefined } : {}) };
  const made = signals.of(told);
  if (isLate) {
    setTimeout(() => {
      // The extension may bring its Signal class after this; it begins with what is told by then.
      Object.assign(told, { [name]: values[name] });
      change(made, { [name]: values[name] });
    }, LATE_BY_MS);
  }
  return made;
}

/** Gives signals of such an object new values, which whoever follows them hears of. */
export function change(signals: object, values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    const signal: unknown = Reflect.get(signals, name);
    if (typeof signal === 'object' && signal !== null) Reflect.set(signal, 'value', value);
  }
}
