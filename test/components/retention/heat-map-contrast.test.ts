import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../app/components/retention/cohort-heat-map.module.css', import.meta.url), 'utf8');
const shades = [...css.matchAll(/\.shade\d { background-color: (#\w{6}); color: (#\w{6}); }/g)];

/** WCAG 2.1, relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

describe('the shades of the heat map', () => {
  it('keep their numbers readable (WCAG AA)', () => {
    expect(shades).toHaveLength(8);
    for (const [rule, background = '', text = ''] of shades) expect([rule, contrast(background, text) >= 4.5]).toEqual([rule, true]);
  });

  it('grow darker step by step', () => {
    const brightness = shades.map(([, background = '']) => luminance(background));
    expect(brightness).toEqual([...brightness].sort((a, b) => b - a));
  });
});
