import { readAncestors } from '#test/support/process-identity.ts';

const PARENT_POLL_MS = 1_000;

export interface Shutdown {
  /** Runs before the process ends, the latest registered first, whatever ends it. */
  beforeExit(work: () => void | Promise<void>): void;
  /** What a second Ctrl-C does instead of waiting. */
  killWith(kill: () => void): void;
  /** Says why, stops everything and ends the process with code 1; does nothing when it is ending already. */
  fail(reason: unknown): Promise<void>;
  /** The orderly end. */
  end(code: number): Promise<void>;
}

export interface ShutdownOptions {
  /** The exit code after Ctrl-C, SIGTERM or SIGHUP; npm prints an error for any other than 0. */
  interruptedCode: number;
  /** Called once, before anything is stopped. */
  onStop?: () => void;
}

/**
 * Ends the process in order, on Ctrl-C, SIGTERM, a closed terminal, an error nobody caught, or the death of the npm that
 * started it. A SIGKILL is beyond it: the supervisor's watchdog sees to that.
 */
export function createShutdown({ interruptedCode, onStop = () => {} }: ShutdownOptions): Shutdown {
  const works: (() => void | Promise<void>)[] = [];
  let kill = () => {};
  let isEnding = false;

  const end = async (code: number) => {
    if (isEnding) return;
    isEnding = true;
    onStop();
    for (const work of works.reverse()) {
      try {
        await work();
      } catch (error) {
        console.error(error);
      }
    }
    process.exit(code);
  };
  const fail = async (reason: unknown) => {
    if (isEnding) return;
    console.error(typeof reason === 'string' ? `\n${reason}\n` : reason);
    await end(1);
  };

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isEnding) {
        kill();
        process.exit(130);
      }
      console.log('\nStopping …');
      void end(interruptedCode);
    });
  }
  process.on('uncaughtException', (error) => void fail(error));
  process.on('unhandledRejection', (error) => void fail(error));
  // A reader that went away (`| head`) is no reason to crash before everything has stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  watchParent(() => void end(interruptedCode));

  return {
    beforeExit: (work) => void works.push(work),
    killWith: (newKill) => void (kill = newKill),
    fail,
    end,
  };
}

/** An npm that is killed does not always pass the signal on, and the terminal then shows nothing that could be stopped. */
function watchParent(onDeath: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const ancestors = readAncestors();
  const timer = setInterval(() => {
    if (readAncestors() === ancestors) return;
    clearInterval(timer);
    onDeath();
  }, PARENT_POLL_MS);
  timer.unref();
}
