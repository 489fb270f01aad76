import { z } from 'zod';

/** What we read of vitest's JSON report, which follows Jest's. */
const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ name: z.string(), status: z.string(), assertionResults: z.array(z.unknown()) })),
});

export interface TestCounts {
  passed: number;
  failed: number;
  /** Paths of the files that these failures are in. */
  failedFiles: string[];
}

/** Tests of one run. A file that could not be loaded has no tests to count and is one failure. */
export function countTests(report: unknown): TestCounts {
  const parsed = reportSchema.safeParse(report);
  if (!parsed.success) return { passed: 0, failed: 0, failedFiles: [] };
  const { numPassedTests, numFailedTests, testResults } = parsed.data;
  const failedFiles = testResults.filter(({ status }) => status === 'failed');
  const unloaded = failedFiles.filter(({ assertionResults }) => assertionResults.length === 0);
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length, failedFiles: failedFiles.map(({ name }) => name) };
}
