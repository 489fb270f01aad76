/** Fewer customers than this are no plan for a week. */
export const MIN_CONCERNED = 5;

/** A share of fewer earlier cases moves by more than two percentage points with one of them. */
export const MIN_EARLIER = 50;
