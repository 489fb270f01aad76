/** In how many of a hundred orders a pair has to be at least, as addresses carry it; the first unless another is chosen. */
export const SUPPORTS = ['0.01', '0.005', '0.001'] as const;

export type Support = (typeof SUPPORTS)[number];
