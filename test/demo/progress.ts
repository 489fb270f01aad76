import { styleText } from 'node:util';
import type { StepReporter } from './start-perennial.ts';

const NAME_WIDTH = 22;

export interface Progress {
  say(text: string): void;
  warn(text: string): void;
  /** Less loud than `say`. */
  hint(text: string): void;
  step: StepReporter;
  /** Steps that are cut short by the end say nothing more. */
  mute(): void;
}

/** One line when a step that takes long begins, one line with its seconds when it is done. */
export function createProgress(out: NodeJS.WriteStream = process.stdout): Progress {
  let isMuted = false;
  const say = (text: string) => {
    if (!isMuted) out.write(`${text}\n`);
  };
  const quiet = (text: string) => styleText('dim', text, { stream: out });
  return {
    say,
    mute: () => void (isMuted = true),
    hint: (text) => say(quiet(text)),
    warn: (text) => say(styleText('yellow', text, { stream: out })),
    async step(name, work) {
      const startedAt = performance.now();
      const SLOW_AFTER_MS = 1_500;
      const slow = setTimeout(() => say(quiet(`  … ${name}`)), SLOW_AFTER_MS);
      try {
        const result = await work();
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
        say(`  ${styleText('green', '✓', { stream: out })} ${name.padEnd(NAME_WIDTH)} ${quiet(`${seconds} s`)}`);
        return result;
      } catch (error) {
        say(`  ${styleText('red', '✗', { stream: out })} ${name}`);
        throw error;
      } finally {
        clearTimeout(slow);
      }
    },
  };
}
