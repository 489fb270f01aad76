/** `tsx test/support/online-retail-export.cli.ts ONLINE_RETAIL.csv.gz OUT.csv[.gz]` */
import { writeOnlineRetailExport } from './online-retail-export.ts';

const [input, output] = process.argv.slice(2);
if (input === undefined || output === undefined) {
  process.stderr.write('Usage: online-retail-export.cli.ts ONLINE_RETAIL.csv.gz OUT.csv[.gz]\n');
  process.exit(2);
}

const { refundsUnmatched, ...counts } = await writeOnlineRetailExport(input, output);
const unmatchedMinor = refundsUnmatched.reduce((sum, refund) => sum + refund.amountMinor, 0);
process.stdout.write(`${JSON.stringify({ ...counts, refundsUnmatched: refundsUnmatched.length, unmatchedMinor })}\n`);
for (const refund of refundsUnmatched) {
  process.stdout.write(
    `${refund.invoice}\t${refund.stockCode}\t${refund.customerId ?? 'guest'}\t${refund.amountMinor}\t${
      refund.reason
    }\n`,
  );
}
