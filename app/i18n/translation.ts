/**
 * The shape that a translation of an English area has: the same keys, without the singular forms that the other language
 * has not.
 */
export type TranslationOf<English> = {
  readonly [Key in keyof English as Key extends `${string}_one` ? never : Key]: English[Key] extends string
    ? string
    : TranslationOf<English[Key]>;
};
