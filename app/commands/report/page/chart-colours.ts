/** Parts of a column, from below: told apart by lightness too, for print in grey and for eyes that see no green. */
export const PART_COLOURS: readonly string[] = ['#176553', '#9bd3c3'];

/** Lines have to stand out from white one by one. */
const LINE_COLOURS: readonly string[] = ['#176553', '#b4552d', '#4a5aa8', '#8a6d1d', '#6b6b6b'];

export const MAIN_COLOUR = '#176553';
export const PALE_COLOUR = '#c4e6dc';

export function lineColourAt(index: number): string {
  return LINE_COLOURS[index % LINE_COLOURS.length] ?? MAIN_COLOUR;
}
