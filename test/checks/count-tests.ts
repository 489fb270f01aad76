import { z } from 'zod';

/** What we read of vitest's JSON report, which follows Jest's. */
const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

/** Tests of one run. A file that could not be loaded has no tests to count and is one failure. */
export function countTests(report: unknown): { passed: number; failed: number } {
  const parsed = reportSchema.safeParse(report);
  if (!parsed.success) return { passed: 0, failed: 0 };
  const { numPassedTests, numFailedTests, testResults } = parsed.data;
  const unloaded = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length };
}
