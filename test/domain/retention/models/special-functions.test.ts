import { describe, expect, it } from 'vitest';
import { digamma, logBeta, logGamma, trigamma } from '#app/domain/retention/models/special-functions.ts';

/** Reference values computed with mpmath at 50 digits. */
function expectRelative(actual: number, expected: number): void {
  expect(Math.abs(actual - expected) / Math.abs(expected)).toBeLessThan(2e-14);
}

describe('the gamma function and its relatives', () => {
  it.each([
    [1e-08, 18.42068073818021, -100000000.57721564, 1.0000000000000002e+16],
    [0.001, 6.907178885383853, -1000.5755719318103, 1000001.6425331958],
    [0.3, 1.0957979948180756, -3.502524222200133, 12.245364546107732],
    [0.5, 0.5723649429247001, -1.9635100260214235, 4.934802200544679],
    [0.999, 0.0005780385328913802, -0.5788618021086455, 1.6473414317770505],
    [1.0001, -5.771334222047127e-05, -0.5770511835143348, 1.6446936879331444],
    [1.4, -0.1196129141723713, -0.06138454458511624, 1.0253565905295976],
    [1.5, -0.12078223763524522, 0.03648997397857652, 0.9348022005446793],
    [1.9999, -4.227520877215346e-05, 0.42271983967113097, 0.6449744806987031],
    [2.00001, 4.22787559764836e-06, 0.42279078441893003, 0.64493002573486],
    [2.5, 0.2846828704729192, 0.7031566406452432, 0.49035775610023485],
    [3.7, 1.428072326665388, 1.1671535393615113, 0.3100378576700383],
    [7.25, 7.0521854507385395, 1.910453526883736, 0.14787923315893217],
    [11.999, 17.499865227646104, 2.442574774329119, 0.08690942073224082],
    [12, 17.502307845873887, 2.442661679975812, 0.08690187287176838],
    [25.5, 56.389167643719944, 3.2189424728839198, 0.03999466964956292],
    [170.6, 704.5180371279987, 5.136387939451594, 0.005878877836083858],
    [10000.0, 82099.71749644238, 9.210290371142849, 0.00010000500016666666],
    [100000000.0, 1742068066.1038346, 18.420680738952367, 1.000000005e-08],
  ])('agree with 50 digits at %s', (x, expectedLogGamma, expectedDigamma, expectedTrigamma) => {
    expectRelative(logGamma(x), expectedLogGamma);
    expectRelative(digamma(x), expectedDigamma);
    expectRelative(trigamma(x), expectedTrigamma);
  });

  it('are exact where log gamma crosses zero', () => {
    expect(logGamma(1)).toBe(0);
    expect(logGamma(2)).toBe(0);
  });

  it('have no value at zero or below', () => {
    for (const bad of [0, -1.5, NaN]) expect([logGamma(bad), digamma(bad), trigamma(bad), logBeta(bad, 1)]).toEqual([NaN, NaN, NaN, NaN]);
  });
});

describe('log beta', () => {
  it.each([
    [0.5, 0.5, 1.1447298858494002],
    [1e-06, 3, 13.8155090579649],
    [2, 1000000.0, -27.631022115928047],
    [15, 15, -20.874596601690644],
    [300, 0.2, 0.3835740829759415],
    [10000000.0, 0.001, 6.891060789782846],
    [100000.0, 200000.0, -190958.88527911686],
    [6.25, 3.74, -6.084705740212388],
    [12, 1e-09, 20.723265833926533],
    [0.1, 40, 1.8849534454799262],
  ])('agrees with 50 digits at %s and %s', (a, b, expected) => {
    expectRelative(logBeta(a, b), expected);
    expectRelative(logBeta(b, a), expected);
  });
});
