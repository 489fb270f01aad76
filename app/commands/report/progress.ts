import { countOf } from './report-source.ts';

export interface ReadSoFar {
  rows: number;
  /** Of the file's bytes; null when nobody knows how many there are. */
  share: number | null;
}

export interface Progress {
  note: (read: ReadSoFar) => void;
  /** Something begins during which nothing can be said. */
  begin: (step: { name: string; isLong: boolean }) => void;
  /** Takes away the line that is written again and again, so that others can follow. */
  end: () => void;
}

interface ProgressTo {
  write: (text: string) => void;
  isTerminal: boolean;
  monotonicMs: () => number;
}

const ON_TERMINAL_EVERY_MS = 200;
/** Where lines stay, as in a log, a quick run says nothing. */
const IN_LOG_EVERY_MS = 5_000;

export function createProgress({ write, isTerminal, monotonicMs }: ProgressTo): Progress {
  const everyMs = isTerminal ? ON_TERMINAL_EVERY_MS : IN_LOG_EVERY_MS;
  let saidAtMs = monotonicMs();
  let isOpen = false;
  const show = (text: string): void => {
    isOpen = isTerminal;
    write(isTerminal ? `\r\u001B[2K${text}` : `${text}\n`);
  };
  return {
    note: ({ rows, share }) => {
      const nowMs = monotonicMs();
      if (nowMs - saidAtMs < everyMs) return;
      saidAtMs = nowMs;
      show(`Reading: ${countOf(rows, 'line')}${share === null ? '' : ` (${Math.floor(share * 100)} %)`}`);
    },
    begin: ({ name, isLong }) => {
      if (isTerminal || isLong) show(`${name} …`);
    },
    end: () => {
      if (isOpen) write('\r\u001B[2K');
      isOpen = false;
    },
  };
}
