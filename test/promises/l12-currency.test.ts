import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import ts from 'typescript';
import { expect } from 'vitest';

import { shopMoney } from '#app/adapters/shopify/record-schemas.ts';
import { allocateProportionally } from '#app/domain/money/allocate-proportionally.ts';
import { ACTIVE_CURRENCIES, requireCurrencyExponent } from '#app/domain/money/currency.ts';
import { decimalOfMinorUnits } from '#app/domain/money/decimal-of-minor-units.ts';
import { parseMinorUnits } from '#app/domain/money/parse-minor-units.ts';
import { afterRefunds } from '#test/domain/loyalty/accrual/an-earning-order.ts';
import { refundOfAll } from '#test/domain/loyalty/accrual/any-program.ts';
import { anyCase, awardsOf, postedAfter } from '#test/domain/loyalty/accrual/posted-awards.ts';
import type { Case } from '#test/domain/loyalty/accrual/posted-awards.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { promiseOf } from './promise.ts';

/** One of each exponent; each is paid in by shoppers of the others. */
const CHOSEN = ['JPY', 'USD', 'KWD', 'CLF'] as const;

const ANY_SPLIT = fc.record({ whole: fc.maxSafeNat(), weights: fc.array(fc.nat(2_000_000_000), { minLength: 1, maxLength: 12 }) });
type Split = typeof ANY_SPLIT extends fc.Arbitrary<infer T> ? T : never;

interface Tried {
  any: Case;
  refundsAgain: Case['refunds'];
  split: Split;
  amountMinor: number;
}

function anyTried(currency: string): fc.Arbitrary<Tried> {
  return fc.constantFrom(currency, ...CHOSEN).chain((paidIn) =>
    anyCase(currency, paidIn).chain((any) =>
      fc.record({ any: fc.constant(any), refundsAgain: fc.shuffledSubarray(any.refunds, { minLength: any.refunds.length }), split: ANY_SPLIT, amountMinor: fc.maxSafeInteger() }),
    ),
  );
}

const sum = (values: readonly number[]): bigint => values.reduce((total, value) => total + BigInt(value), 0n);

/** The four properties of one order, and one amount there and back. */
function holdsFor(currency: string, { any, refundsAgain, split, amountMinor }: Tried): void {
  const awards = awardsOf(any);
  expect(postedAfter(awards, [...any.refunds, ...refundOfAll(any.sold)]).points, 'earned and refunded in full').toBe(0);

  const once = awards.after(any.refunds).targetPoints;
  expect(postedAfter(awards, any.refunds).points, 'refunds one by one').toBe(once);
  expect(postedAfter(awards, refundsAgain).points, 'refunds in another order').toBe(once);

  const parts = allocateProportionally(split.whole, split.weights);
  if (sum(split.weights) > 0n) expect(sum(parts), 'parts of the whole').toBe(BigInt(split.whole));

  const order = afterRefunds(any.sold, any.refunds);
  const { reason } = awards.after(any.refunds);
  if (reason.code === 'order-earned') {
    expect(sum(reason.lines.map(({ baseMinor }) => baseMinor)), 'bases of the lines').toBe(BigInt(reason.valueMinor));
    // What is counted is one of the two, whole, and goes by the rate of its own currency.
    const counted = [order.presentmentValue, order.shopValue].find((value) => value?.currency === reason.currency);
    expect(reason.valueMinor, 'value in its currency').toBe(counted?.amountMinor);
    const rate = any.program.earning.rates.find((candidate) => candidate.currency === reason.currency);
    expect([reason.ratePoints, reason.ratePerMinor]).toEqual([rate?.points, rate?.perMinor]);
  }
  expect(parseMinorUnits(decimalOfMinorUnits(amountMinor, currency), currency)).toEqual({ ok: true, value: amountMinor });
}

function check(currency: string, { seed, numRuns }: { seed: number; numRuns: number }): string | null {
  const { failed, counterexample, errorInstance } = fc.check(
    fc.property(anyTried(currency), (tried) => holdsFor(currency, tried)),
    { seed, numRuns },
  );
  if (!failed) return null;
  const text = JSON.stringify(counterexample, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
  return `${currency}: ${errorInstance instanceof Error ? errorInstance.message.split('\n')[0] : ''} ${text}`;
}

promiseOf('L12', 'orders, refunds and splits in every currency', async ({ seed, pick }) => {
  const [runs, runsOfOthers] = [pick(200, 10_000), pick(4, 200)];
  const failures = ACTIVE_CURRENCIES.flatMap((currency) => {
    const isChosen = CHOSEN.some((chosen) => chosen === currency);
    return check(currency, { seed, numRuns: isChosen ? runs : runsOfOthers }) ?? [];
  });
  const exponents = new Set(ACTIVE_CURRENCIES.map(requireCurrencyExponent));
  return {
    tried: `${CHOSEN.join(', ')}: ${runs.toLocaleString('en')} orders each, the other ${ACTIVE_CURRENCIES.length - CHOSEN.length} active codes: ${runsOfOthers} each`,
    measured: `${failures.length} failures, exponents ${[...exponents].sort().join(', ')} ${failures.slice(0, 2).join('; ')}`,
    isKept: failures.length === 0 && exponents.size === 4,
  };
});

promiseOf('L12', 'amounts with too many digits', async () => {
  let wrong = 0;
  let tried = 0;
  const reads = (amount: string, currencyCode: string): number | null => {
    const parsed = shopMoney.safeParse({ shopMoney: { amount, currencyCode } });
    return parsed.success ? parsed.data.minor : null;
  };
  const expectRead = (amount: string, currency: string, minor: number | null): void => {
    tried += 1;
    if (reads(amount, currency) !== minor) wrong += 1;
  };
  for (const currency of ACTIVE_CURRENCIES) {
    const exponent = requireCurrencyExponent(currency);
    const unit = 10 ** exponent;
    const fraction = '0'.repeat(exponent);
    expectRead(`1.${fraction}5`, currency, null);
    expectRead(`1.${fraction}0`, currency, unit);
    expectRead(`1000.0`, currency, 1_000 * unit);
    expectRead('1000', currency, 1_000 * unit);
    expectRead(`-1.${fraction}0001`, currency, null);
    if (exponent > 0) expectRead(`0.${'0'.repeat(exponent - 1)}1`, currency, 1);
  }
  for (const [amount, currency, minor] of [['1.005', 'USD', null], ['1000.0', 'JPY', 1_000], ['1.005', 'KWD', 1_005], ['0.0001', 'CLF', 1]] as const) expectRead(amount, currency, minor);
  return { tried: `${tried} amounts as Shopify writes them`, measured: `${wrong} read otherwise than to the last digit`, isKept: wrong === 0 };
});

/** What decides about money and points; what only shows or suggests them may round. */
const EXACT = ['app/domain/money', 'app/domain/loyalty/accrual', 'app/domain/loyalty/ledger'];
const SHOWN_ONLY = new Set(['format-money.ts']);

promiseOf('L12', 'no division of money but an exact one', async () => {
  const files = EXACT.flatMap((folder) => readdirSync(join(PROJECT_DIR, folder)).filter((name) => !SHOWN_ONLY.has(name)).map((name) => join(folder, name)));
  const found = files.flatMap((file) => inexactArithmetic(file, readFileSync(join(PROJECT_DIR, file), 'utf8')));
  expect(inexactArithmetic('a.ts', 'const a = b / c; const d = Math.round(e * 1.5); const f = (g - (g % h)) / h;')).toHaveLength(3);
  return { tried: `${files.length} files of ${EXACT.length} folders`, measured: `${found.length} inexact ${found.join('; ')}`, isKept: found.length === 0 };
});

/** Divisions that may leave a rest, fractions, and what makes whole what is not. */
function inexactArithmetic(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isInexactDivision(node) || isRounding(node) || (ts.isNumericLiteral(node) && !Number.isInteger(Number(node.text)))) {
      found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.getText()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isInexactDivision(node: ts.Node): boolean {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.SlashToken) return false;
  // Of big integers there is no other than a whole one.
  if (/\dn\b|BigInt\(/.test(node.getText())) return false;
  const left = ts.isParenthesizedExpression(node.left) ? node.left.expression : node.left;
  const takesRest = ts.isBinaryExpression(left) && left.operatorToken.kind === ts.SyntaxKind.MinusToken && left.right.getText().includes('%');
  return !takesRest;
}

function isRounding(node: ts.Node): boolean {
  return ts.isCallExpression(node) && /^(Math\.(round|floor|ceil|trunc)|parseFloat|.*\.toFixed)$/.test(node.expression.getText());
}
