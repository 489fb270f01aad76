/**
 * An expected refusal is a value, switched on exhaustively by its reason. A broken invariant throws instead.
 *
 * @typeParam Refusal - a union of objects, each with its own literal `reason` and the facts a caller needs to answer it.
 */
export type Result<Value, Refusal extends { readonly reason: string }> =
  | { readonly ok: true; readonly value: Value }
  | ({ readonly ok: false } & Refusal);
