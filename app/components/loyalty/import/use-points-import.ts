import { useCallback, useState } from 'react';

import { cutFile } from '#app/domain/loyalty/members/cut-file.ts';
import { addCounts, EMPTY_COUNT, mayNameByEmail } from '#app/domain/loyalty/members/import-lines.ts';
import type { ImportAnswer, ImportCount } from '#app/domain/loyalty/members/import-lines.ts';

export const MOST_MEGABYTES = 50;
/** Some hundred addresses, which Shopify answers in a few seconds whatever the store's plan. */
const EMAIL_PIECE_CHARACTERS = 10_000;
const LINES_ADDRESS = '/app/loyalty/import/lines';

/** How far a file has come. */
export type ImportState =
  | { readonly step: 'choose'; readonly problem: 'tooLarge' | 'unreadable' | null }
  | { readonly step: 'running'; readonly what: 'check' | 'import'; readonly name: string; readonly share: number }
  | { readonly step: 'refused'; readonly reason: Extract<ImportAnswer, { outcome: 'refused' }>['reason'] }
  | { readonly step: 'checked' | 'imported'; readonly name: string; readonly count: ImportCount };

/** Reads a file in the browser and sends it in pieces, first to see what it would do, then to do it. */
export function usePointsImport() {
  const [state, setState] = useState<ImportState>({ step: 'choose', problem: null });
  const [file, setFile] = useState<File | null>(null);
  const run = useCallback(async (chosen: File, what: 'check' | 'import', takesRepeated: boolean) => {
    const { name } = chosen;
    setState({ step: 'running', what, name, share: 0 });
    const read = await readFile(chosen).catch(() => null);
    if (read === null) {
      setState({ step: 'choose', problem: 'unreadable' });
      return;
    }
    let count = EMPTY_COUNT;
    for (const [index, piece] of read.pieces.entries()) {
      const form = { intent: what, fileHash: read.hash, fileName: name.slice(0, 100), header: read.header, text: piece.text, firstLine: String(piece.firstLine) };
      const answer = await send({ ...form, takesRepeated: takesRepeated ? 'yes' : 'no' });
      if (answer.outcome === 'refused') {
        setState({ step: 'refused', reason: answer.reason });
        return;
      }
      count = addCounts(count, answer.count);
      setState({ step: 'running', what, name, share: (index + 1) / read.pieces.length });
    }
    setState({ step: what === 'check' ? 'checked' : 'imported', name, count });
  }, []);
  const choose = (chosen: File) => {
    if (chosen.size > MOST_MEGABYTES * 1_000_000) {
      setState({ step: 'choose', problem: 'tooLarge' });
      return;
    }
    setFile(chosen);
    void run(chosen, 'check', false);
  };
  return {
    state,
    choose,
    start: (takesRepeated: boolean) => {
      if (file !== null) void run(file, 'import', takesRepeated);
    },
    again: () => setState({ step: 'choose', problem: null }),
  };
}

async function readFile(file: File) {
  const bytes = await file.arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const text = new TextDecoder(encodingOf(new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength)))).decode(bytes);
  if (text.includes('\0')) throw new TypeError('no text');
  const whole = cutFile(text);
  const { header, pieces } = mayNameByEmail(whole.header) ? cutFile(text, EMAIL_PIECE_CHARACTERS) : whole;
  // A file of a header alone is answered about its header.
  return { hash: [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join(''), header, pieces: pieces.length === 0 ? [{ text: '', firstLine: 2 }] : pieces };
}

/** As office programs save "Unicode text". */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** With the token that App Bridge gives to what a page fetches. */
async function send(fields: Readonly<Record<string, string>>): Promise<ImportAnswer> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  try {
    const answer = await fetch(LINES_ADDRESS, { method: 'POST', body });
    if (!answer.ok) return { outcome: 'refused', reason: 'failed' };
    const parsed: ImportAnswer = await answer.json();
    return parsed;
  } catch {
    return { outcome: 'refused', reason: 'failed' };
  }
}
