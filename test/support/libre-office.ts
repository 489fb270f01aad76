import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const USUAL_PLACES = ['/usr/bin/soffice', '/usr/local/bin/soffice', '/Applications/LibreOffice.app/Contents/MacOS/soffice'];

export interface OpenedSheet {
  /** What LibreOffice took for formulas, in its own words: `of:=1+1`. */
  formulas: string[];
  /** Cells that it took for numbers. */
  numbers: number[];
}

/** Few have it: a test that asks it says so where it was not asked. */
export function findLibreOffice(): string | undefined {
  return USUAL_PLACES.find((path) => existsSync(path));
}

/**
 * CSV files as LibreOffice opens them, their cells parted by `separator`.
 * @throws where it opens one of them not at all
 */
export function openInLibreOffice(program: string, files: readonly string[], separator: string): OpenedSheet[] {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-sheets-'));
  try {
    const names = files.map((text, index) => {
      const name = join(folder, `${index}.csv`);
      writeFileSync(name, text);
      return name;
    });
    // Separator, quotation mark, UTF-8, from the first line on.
    const filter = `CSV:${separator.charCodeAt(0)},34,76,1`;
    const words = ['--headless', `-env:UserInstallation=file://${join(folder, 'profile')}`, `--infilter=${filter}`, '--convert-to', 'fods', '--outdir', folder, ...names];
    const { status, stderr } = spawnSync(program, words, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`LibreOffice ended with ${status}: ${stderr}`);
    return names.map((name) => readSheet(readFileSync(name.replace(/csv$/, 'fods'), 'utf8')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readSheet(xml: string): OpenedSheet {
  const all = (pattern: RegExp) => [...xml.matchAll(pattern)].map(([, found = '']) => found);
  return { formulas: all(/table:formula="([^"]*)"/g), numbers: all(/<table:table-cell[^>]* office:value="([^"]*)"/g).map(Number) };
}
