/**
 * What is at stake, in every action the same product, so that one can be held against another: how many customers, times
 * the chance of an order of theirs within `AHEAD_DAYS` (or by how much it differs), times what such an order comes to.
 */
export interface Stake {
  readonly number: number;
  readonly chance: number;
  readonly orderMinor: number;
  readonly worthMinor: number;
}

export function stakeOf({ number, chance, orderMinor }: Omit<Stake, 'worthMinor'>): Stake {
  return { number, chance, orderMinor, worthMinor: Math.round(number * chance * orderMinor) };
}
