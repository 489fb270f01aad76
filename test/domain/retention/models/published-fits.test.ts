import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fitBgNbd } from '#app/domain/retention/models/bg-nbd.ts';
import type { FitOutcome, ModelFit } from '#app/domain/retention/models/fitted-model.ts';
import { fitMbgNbd } from '#app/domain/retention/models/mbg-nbd.ts';
import { fitNbd } from '#app/domain/retention/models/nbd.ts';
import { fitParetoNbd } from '#app/domain/retention/models/pareto-nbd.ts';
import type { PurchaseHistories } from '#app/domain/retention/models/purchase-histories.ts';
import smallStores from '#test/fixtures/purchase-model-fits.json' with { type: 'json' };
import { historiesOf, inUnit } from './simulated-store.ts';

const FITS: Readonly<Record<string, (histories: PurchaseHistories) => FitOutcome<Readonly<Record<string, number>>>>> = {
  NBD: fitNbd,
  'BG/NBD': fitBgNbd,
  'MBG/NBD': fitMbgNbd,
  'Pareto/NBD': fitParetoNbd,
};

function requireFit(name: string, histories: PurchaseHistories): ModelFit {
  const outcome = FITS[name]?.(histories);
  if (outcome?.ok !== true) throw new Error(`no fit of ${name}: ${outcome?.detail}`);
  return outcome.fit;
}

const DATA = join(import.meta.dirname, '../../../../../shared/data/cdnow_summary_x_tx_T.csv.gz');
const where = existsSync(DATA) ? '' : ' (skipped: ../shared/data/cdnow_summary_x_tx_T.csv.gz is not here)';

/** 2,357 new customers of the first quarter of 1997, in weeks: the sample that the papers share. */
function loadCdnow(): PurchaseHistories {
  const lines = gunzipSync(readFileSync(DATA)).toString('utf8').trim().split('\n').slice(1);
  return historiesOf(
    lines.map((line) => {
      const [, frequency = NaN, recency = NaN, age = NaN] = line.split(',').map(Number);
      return [frequency, recency, age];
    }),
  );
}

describe.skipIf(where !== '')(`CDNOW${where}`, () => {
  // BG/NBD and Pareto/NBD: Fader, Hardie and Lee (2005), table 2. MBG/NBD: what the R package BTYDplus finds, as the tests
  // of Python's lifetimes quote it; Batislam, Denizel and Filiztekin (2007) have no fit to these customers. NBD, and the
  // log-likelihood of MBG/NBD: scipy's optimum of the plain formula.
  it.each([
    { name: 'NBD', parameters: { r: 0.385, alpha: 12.072 }, logLikelihood: -9763.7 },
    { name: 'BG/NBD', parameters: { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }, logLikelihood: -9582.4 },
    { name: 'MBG/NBD', parameters: { r: 0.525, alpha: 6.183, a: 0.891, b: 1.614 }, logLikelihood: -9582.1 },
    { name: 'Pareto/NBD', parameters: { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 }, logLikelihood: -9595.0 },
  ])('has the published fit of $name', ({ name, parameters, logLikelihood }) => {
    const fit = requireFit(name, loadCdnow());
    expect(fit.model.name).toBe(name);
    expect(fit.logLikelihood).toBeCloseTo(logLikelihood, 1);
    for (const [letter, published] of Object.entries(parameters)) {
      // To the three digits that are printed; Pareto/NBD's beta was found by a coarser search than ours.
      expect(Math.abs((fit.model.parameters[letter] ?? NaN) - published)).toBeLessThan(letter === 'beta' ? 0.002 : 0.0006);
    }
  });

  it('has the published P(alive) of somebody who never came back, after 39 weeks', () => {
    // pnbd.PAlive of the R package BTYD, in the example of its manual: 0.2941633.
    const { model } = requireFit('Pareto/NBD', loadCdnow());
    expect(model.pAlive({ frequency: 0, recency: 0, age: 39 })).toBeCloseTo(0.294, 3);
  });

  it.each(Object.keys(FITS))('has the same %s in days and in years as in weeks', (name) => {
    const inWeeks = requireFit(name, loadCdnow());
    for (const perWeek of [7, 1 / 52]) {
      const fit = requireFit(name, inUnit(loadCdnow(), perWeek));
      for (const [letter, value] of Object.entries(inWeeks.model.parameters)) {
        const unit = letter === 'alpha' || letter === 'beta' ? perWeek : 1;
        expect(Math.abs((fit.model.parameters[letter] ?? NaN) / (value * unit) - 1)).toBeLessThan(1e-8);
        const error = (inWeeks.standardErrors?.[letter] ?? NaN) * unit;
        expect(Math.abs((fit.standardErrors?.[letter] ?? NaN) / error - 1)).toBeLessThan(1e-6);
      }
    }
  });
});

describe('two small stores', () => {
  it.each(smallStores.fits)('have the $model fit that high precision has', (expected) => {
    const rows = smallStores.stores[expected.store === 'bg' ? 'bg' : 'pareto'];
    const column = (index: number) => Float64Array.from(rows, (row) => row[index] ?? NaN);
    const histories = {
      rowCount: rows.length,
      frequency: column(0),
      recency: column(1),
      age: column(2),
      customers: column(3),
    };
    const fit = requireFit(expected.model, histories);
    expect(fit.logLikelihood).toBeCloseTo(expected.logLikelihood, 8);
    Object.values(fit.model.parameters).forEach((value, index) => {
      expect(value / (expected.parameters[index] ?? NaN)).toBeCloseTo(1, 7);
    });
    Object.values(fit.standardErrors ?? {}).forEach((value, index) => {
      expect(value / (expected.standardErrors[index] ?? NaN)).toBeCloseTo(1, 6);
    });
    expect(fit.standardErrors).not.toBeNull();
    // What the fit adds up is what the model says of each customer.
    const sum = rows.reduce((total, [frequency = NaN, recency = NaN, age = NaN, customers = NaN]) => {
      return total + customers * fit.model.logLikelihoodOf({ frequency, recency, age });
    }, 0);
    expect(sum).toBeCloseTo(fit.logLikelihood, 8);
  });
});
