import { describe, expect, it } from 'vitest';
import { expectSameNumbers } from '../close-to.ts';
import {
  loadOnlineRetail,
  ONLINE_RETAIL_AS_OF,
  ONLINE_RETAIL_MISSING,
  ONLINE_RETAIL_SHOP,
} from '../load-online-retail.ts';
import { naiveReport } from '../naive-report.ts';
import { reportOn } from '../order-rows.ts';

/**
 * UCI Online Retail (Chen, Sain and Guo 2012; CC BY 4.0): a real year of a gift merchant. The numbers below were
 * computed outside this project, by window functions of SQLite over the invoices; 397,884 lines, 18,532 orders, 4,338
 * customers, 8,911,407.90 GBP and the cohort sizes are also those that many published analyses of the set have.
 */
const SHOP = ONLINE_RETAIL_SHOP;
const AS_OF = ONLINE_RETAIL_AS_OF;
const where = ONLINE_RETAIL_MISSING;

describe.skipIf(where !== '')(`the report on UCI Online Retail${where}`, () => {
  it('counts the orders, customers and pounds of the published set', () => {
    const { validLines, rows } = loadOnlineRetail();
    const { overall, inputs } = reportOn(rows, AS_OF, SHOP);
    expect({ validLines, ...overall }).toMatchObject({
      validLines: 397_884,
      orders: 18_532,
      customers: 4338,
      repeatCustomers: 2845,
      revenueMinor: 891_140_790,
      repeatPurchaseRate: 2845 / 4338,
      purchaseFrequency: 18_532 / 4338,
      aovMinor: 891_140_790 / 18_532,
      repeatOrderShare: 14_194 / 18_532,
      repeatRevenueShare: 706_490_990 / 891_140_790,
    });
    expect(overall.customerValueMinor).toBeCloseTo(891_140_790 / 4338, 6);
    expect(inputs).toMatchObject({ firstOrderAt: '2010-12-01T08:26:00Z', lastOrderAt: '2011-12-09T12:50:00Z' });
  });

  it('has the last 365 days that SQL has', () => {
    expect(reportOn(loadOnlineRetail().rows, AS_OF, SHOP).trailing365).toMatchObject({
      orders: 17_756,
      customers: 4264,
      repeatCustomers: 2764,
      revenueMinor: 859_952_990,
      returningCustomerRateShopify: 2841 / 4264,
      repeatOrderShare: 13_991 / 17_756,
      repeatRevenueShare: 697_835_242 / 859_952_990,
    });
  });

  it('has the matured repeat rates and the gaps that SQL has', () => {
    const { maturedRepeatRate, daysBetweenOrders, simpleClv } = reportOn(loadOnlineRetail().rows, AS_OF, SHOP);
    const counts = Object.entries(maturedRepeatRate).map(([days, { eligible, repeated }]) => [days, eligible, repeated]);
    expect(counts).toEqual([
      ['30', 4086, 911],
      ['60', 3741, 1407],
      ['90', 3370, 1605],
      ['180', 2821, 1883],
      ['365', 573, 502],
    ]);
    expect(daysBetweenOrders).toEqual({
      n: 14_194,
      median: 22,
      mean: 567_287 / 14_194,
      p10: 0,
      p25: 7,
      p75: 51,
      p90: 103,
      firstToSecondMedian: 50,
      secondToThirdMedian: 41,
      thirdToFourthMedian: 35,
    });
    expect(simpleClv.observedLifespanDays).toBe(567_287 / 4338);
  });

  it('has the published cohorts', () => {
    const { incompletePeriod, rows } = reportOn(loadOnlineRetail().rows, AS_OF, SHOP).cohorts;
    expect(incompletePeriod).toBe('2011-12');
    expect(rows.map((row) => row.size)).toEqual([885, 417, 380, 452, 300, 284, 242, 188, 169, 299, 358, 323, 41]);
    expect(rows[0]).toMatchObject({
      cohort: '2010-12',
      size: 885,
      active: [885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235],
      orders: [1400, 517, 458, 582, 504, 651, 572, 547, 538, 641, 628, 945, 335],
      revenueMinor: [
        57_271_389, 27_623_769, 23_384_537, 30_311_939, 20_440_766, 33_662_750, 31_416_261, 31_078_392, 33_174_922,
        47_281_364, 45_608_061, 51_380_359, 18_580_313,
      ],
    });
  });

  it('has the RFM breaks and groups that SQL has', () => {
    const { breaks, groups } = reportOn(loadOnlineRetail().rows, AS_OF, SHOP).rfm;
    expectSameNumbers(breaks, {
      r: [12.8, 32, 71, 179],
      f: [1, 2, 3, 6],
      m: [25_019.4, 49_009.6, 94_227.6, 205_842.6],
    });
    expect(groups).toEqual({
      CHAMPIONS: 557,
      LOYAL: 613,
      ACTIVE: 450,
      NEW: 125,
      PROMISING: 239,
      NEEDS_ATTENTION: 627,
      AT_RISK: 319,
      PREVIOUSLY_LOYAL: 24,
      ALMOST_LOST: 547,
      DORMANT: 837,
      PROSPECTS: 0,
    });
  });

  it.each(['2011-06-30', '2011-10-31', AS_OF])('agrees with the naive definitions in every number as of %s', (asOf) => {
    const { rows } = loadOnlineRetail();
    const report = reportOn(rows, asOf, SHOP);
    const naive = naiveReport(rows, asOf, SHOP.timeZone);
    const sameKeys = Object.fromEntries(Object.entries(report).filter(([key]) => key in naive));
    expectSameNumbers(sameKeys, naive);
  });
});
