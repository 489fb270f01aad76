import type { Wording } from '../../shopper-kit/src/words.ts';

const SECONDS_IN_HOUR = 3600;

/** Hours and minutes, and in the last hour minutes and seconds; null when none is left. */
export function sayTimeLeft(leftMs: number, wording: Wording): string | null {
  if (leftMs <= 0) return null;
  const seconds = Math.ceil(leftMs / 1000);
  const minutes = Math.floor(seconds / 60);
  return seconds < SECONDS_IN_HOUR
    ? say([minutes, 'minute'], [seconds % 60, 'second'], wording)
    : say([Math.floor(minutes / 60), 'hour'], [minutes % 60, 'minute'], wording);
}

type Part = [value: number, unit: 'hour' | 'minute' | 'second'];

function say(first: Part, second: Part, { translate, formatNumber }: Wording): string {
  const format = ([value, unit]: Part): string => formatNumber(value, { inExtensionLocale: true, style: 'unit', unit, unitDisplay: 'long' });
  return translate('timeLeft', { first: format(first), second: format(second) });
}

/** How long what was said stays true: nobody is shown time that has passed, nor is anything drawn that says the same. */
export function saidForMs(leftMs: number): number {
  const seconds = Math.ceil(leftMs / 1000);
  const next = seconds < SECONDS_IN_HOUR ? seconds - 1 : seconds - (seconds % 60) - 1;
  return leftMs - next * 1000;
}
