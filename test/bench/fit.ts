import { betaGeometricLikelihood } from '#app/domain/retention/models/beta-geometric-likelihood.ts';
import { fitBgNbd } from '#app/domain/retention/models/bg-nbd.ts';
import type { ModelFit } from '#app/domain/retention/models/fitted-model.ts';
import { indexHistories } from '#app/domain/retention/models/indexed-histories.ts';
import type { IndexedHistories } from '#app/domain/retention/models/indexed-histories.ts';
import { fitMbgNbd } from '#app/domain/retention/models/mbg-nbd.ts';
import type { Objective } from '#app/domain/retention/models/minimize.ts';
import { paretoLikelihood } from '#app/domain/retention/models/pareto-likelihood.ts';
import { fitParetoNbd } from '#app/domain/retention/models/pareto-nbd.ts';
import type { PurchaseHistories } from '#app/domain/retention/models/purchase-histories.ts';
import { simulateHistories } from '#test/domain/retention/models/simulated-store.ts';
import { formatSeconds, medianOf, sayClaims, sayTable, timed } from './bench.ts';
import type { Bench, BenchOptions, BenchOutcome, Claim } from './bench.ts';
import { minimizeBySimplex } from './fit/nelder-mead.ts';

const CUSTOMERS = [10_000, 100_000, 1_000_000];
const MOST_PASSES = 40;
const PASS_ROUNDS = 5;
/** Days: four years of a store. */
const LONGEST_AGE = 1_460;

/**
 * A fit's cost in passes of its own likelihood, each with gradient and Hessian, and in time against one such pass; with
 * standard errors, several starts and the fit without dropout in it. The rival is the simplex search of the usual
 * packages over the very same likelihood, from one start: its passes and how far it comes.
 */
export const fit: Bench = {
  name: 'fit',
  rival: 'passes of its own likelihood, and Nelder-Mead over the same likelihood',
  claim: `BG/NBD and MBG/NBD at a million customers within ${MOST_PASSES} passes of their likelihood`,
  run,
};

interface FittedModel {
  name: string;
  isClaimed: boolean;
  fit: (histories: PurchaseHistories) => ReturnType<typeof fitBgNbd> | ReturnType<typeof fitParetoNbd>;
  likelihood: (indexed: IndexedHistories) => Objective;
}

const MODELS: readonly FittedModel[] = [
  { name: 'BG/NBD', isClaimed: true, fit: fitBgNbd, likelihood: (indexed) => betaGeometricLikelihood(indexed, 'after-second-purchase') },
  { name: 'MBG/NBD', isClaimed: true, fit: fitMbgNbd, likelihood: (indexed) => betaGeometricLikelihood(indexed, 'after-first-purchase') },
  { name: 'Pareto/NBD', isClaimed: false, fit: fitParetoNbd, likelihood: paretoLikelihood },
];

async function run({ orders, say }: BenchOptions): Promise<BenchOutcome> {
  const rows = [['customers', 'histories', 'model', 'passes', 'fit', 'one pass', 'fit / pass', 'Nelder-Mead', 'likelihood it misses']];
  const claims: Claim[] = [];
  let mostPasses = 0;
  // At 3.3 orders a customer, so that a size means the same to every bench.
  for (const customers of orders === null ? CUSTOMERS : [Math.ceil(orders / 3.3)]) {
    const leaving = { model: 'MBG/NBD', a: 0.8, b: 2.4 } as const;
    const histories = simulateHistories({ seed: 5, customers, longestAge: LONGEST_AGE, r: 0.7, alpha: 60, leaving, isInDays: true });
    for (const model of MODELS) {
      const measured = await measure(model, histories);
      const { passes, seconds, passSeconds, simplex } = measured;
      const simplexCells = simplex ? [`${simplex.passes} passes`, simplex.missed.toExponential(1)] : ['-', '-'];
      rows.push([
        ...[customers.toLocaleString('en'), histories.rowCount.toLocaleString('en'), model.name, String(passes), formatSeconds(seconds)],
        ...[formatSeconds(passSeconds), (seconds / passSeconds).toFixed(1), ...simplexCells],
      ]);
      if (!model.isClaimed) continue;
      mostPasses = Math.max(mostPasses, passes);
      claims.push({ text: `${model.name} at ${customers.toLocaleString('en')} customers: ${passes} passes, at most ${MOST_PASSES}`, isKept: passes <= MOST_PASSES });
    }
  }
  sayTable(rows, say);
  return { ratio: MOST_PASSES / mostPasses, isKept: sayClaims(claims, say) };
}

interface Measured {
  passes: number;
  seconds: number;
  passSeconds: number;
  /** And by how much its log-likelihood is below ours; negative if it is above. Null where nothing is claimed. */
  simplex: { passes: number; missed: number } | null;
}

async function measure({ name, isClaimed, fit: fitModel, likelihood }: FittedModel, histories: PurchaseHistories): Promise<Measured> {
  const { seconds, value: outcome } = await timed(() => fitModel(histories));
  if (!outcome.ok) throw new Error(`${name} was not fitted: ${outcome.detail}`);
  const found: ModelFit = outcome.fit;
  if (found.model.name !== name) throw new Error(`No dropout was found for ${name}.`);
  const indexed = indexHistories(histories);
  const objective = likelihood(indexed);
  const [first = NaN, alpha = NaN, third = NaN, fourth = NaN] = Object.values(found.model.parameters);
  // Times are in units of the mean age here, so the scale of purchases is, and that of leaving where there is one.
  const scale = indexed.timeUnit;
  const at = Float64Array.of(first, alpha / scale, third, name === 'Pareto/NBD' ? fourth / scale : fourth);
  const passSeconds: number[] = [];
  for (let round = 0; round < PASS_ROUNDS; round += 1) passSeconds.push((await timed(() => objective(at))).seconds);
  return { passes: found.passes, seconds, passSeconds: medianOf(passSeconds), simplex: isClaimed ? simplexOver(objective, at) : null };
}

function simplexOver(objective: Objective, best: Float64Array): { passes: number; missed: number } {
  const { passes, value } = minimizeBySimplex((logarithms) => objective(logarithms.map(Math.exp)).value, [0, 0, 0, 0]);
  return { passes, missed: value - objective(best).value };
}
