import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { identifyProcess } from '#test/support/process-identity.ts';
import { defaultDataDir, emptyDataDir, loadSettings, requireUsableFolder } from './data-directory.ts';
import type { StoreSource } from './data-directory.ts';
import { acquireLock, LOCK_FILE } from './lock.ts';

const generated: StoreSource = { kind: 'generated', orders: 300, asOf: '2026-01-01T00:00:00.000Z' };
const exported = (sha256: string): StoreSource => ({ kind: 'orders-export', fileName: 'Orders Export (1).csv.gz', sha256 });
const NOT_GIVEN = { ordersCount: false };

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'perennial-data-'));
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

it('keeps keys and the made-up store’s day from one start to the next', () => {
  const first = loadSettings(dataDir, generated, NOT_GIVEN);
  const later: StoreSource = { kind: 'generated', orders: 6_000, asOf: '2027-06-01T00:00:00.000Z' };
  expect(loadSettings(dataDir, later, NOT_GIVEN)).toEqual(first);
});

it('refuses to show another store than the one asked for', () => {
  loadSettings(dataDir, generated, NOT_GIVEN);
  expect(() => loadSettings(dataDir, { ...generated, orders: 20 }, { ordersCount: true })).toThrow(/300 orders.*--fresh/);
  expect(() => loadSettings(dataDir, { ...generated, currency: 'GBP' }, NOT_GIVEN)).toThrow(/currency/);
  expect(() => loadSettings(dataDir, exported('aa'), NOT_GIVEN)).toThrow(/made up/);
});

it('goes on with the store of an export without the export being named again', () => {
  const first = loadSettings(dataDir, exported('aa'), NOT_GIVEN);
  expect(loadSettings(dataDir, generated, NOT_GIVEN)).toEqual(first);
  expect(() => loadSettings(dataDir, generated, { ordersCount: true })).toThrow(/made from Orders Export/);
  expect(() => loadSettings(dataDir, exported('bb'), NOT_GIVEN)).toThrow(/made from Orders Export/);
});

it('gives each export a folder of its own, named for it', () => {
  expect(defaultDataDir(exported('0123456789abcdef'))).toMatch(/demo-orders-export-1--01234567$/);
  expect(defaultDataDir(exported('ff'.repeat(16)))).not.toBe(defaultDataDir(exported('ee'.repeat(16))));
});

it('never takes over or empties a folder that is not its own', () => {
  writeFileSync(join(dataDir, 'thesis.doc'), 'years of work');
  expect(() => requireUsableFolder(dataDir)).toThrow(/thesis\.doc/);
  emptyDataDir(dataDir);
  expect(existsSync(join(dataDir, 'thesis.doc'))).toBe(true);
});

it('begins again from nothing, but for the lock it holds', () => {
  const lock = acquireLock(dataDir);
  loadSettings(dataDir, generated, NOT_GIVEN);
  mkdirSync(join(dataDir, 'postgres'));
  emptyDataDir(dataDir);
  expect(readdirSync(dataDir)).toEqual([LOCK_FILE]);
  lock.release();
  expect(readdirSync(dataDir)).toEqual([]);
});

it('refuses a file where a folder is wanted', () => {
  const file = join(dataDir, 'notes.txt');
  writeFileSync(file, '');
  expect(() => requireUsableFolder(file)).toThrow(/--data: .*notes\.txt is not a folder/);
});

it('tells a second run where the first one is', () => {
  const lock = acquireLock(dataDir);
  expect(() => acquireLock(dataDir)).toThrow(/still starting/);
  lock.announce('http://localhost:4000/store/x');
  expect(() => acquireLock(dataDir)).toThrow(/already runs.*http:\/\/localhost:4000\/store\/x/);
  lock.release();
  acquireLock(dataDir).release();
});

it('takes the lock of a run that crashed, also when its number belongs to another process now', () => {
  const reused = { ...identifyProcess(process.pid), startTime: 'long ago' };
  for (const abandoned of [JSON.stringify({ ...reused, address: null }), '', '{"pid":']) {
    writeFileSync(join(dataDir, LOCK_FILE), abandoned);
    const lock = acquireLock(dataDir);
    expect(lock.wasAbandoned).toBe(true);
    lock.release();
  }
});
