/** A mistake that somebody could make in the code, and the test that must notice it and say what broke. */
export interface PlantedFault {
  name: string;
  file: string;
  /** Stands in the file exactly once. */
  find: string;
  replace: string;
  /** The test file that is run. */
  test: string;
  /** What the name of a failing test says. */
  named: RegExp;
}

export const FAULTS: readonly PlantedFault[] = [
  {
    name: 'a second unfinished import of one kind is let in',
    file: 'prisma/migrations/20261121000100_tenancy/migration.sql',
    find: 'CREATE UNIQUE INDEX imports_one_unfinished',
    replace: 'CREATE INDEX imports_one_unfinished',
    test: 'test/services/sync/import-history.test.ts',
    named: /./,
  },
  {
    name: 'a sealed value opens anywhere, because its place is not authenticated',
    file: 'app/adapters/crypto/sealed-box.server.ts',
    find: '      decipher.setAAD(placeBytes(place));',
    replace: '      decipher.setAAD(Buffer.alloc(0));',
    test: 'test/adapters/sealed-box.test.ts',
    named: /./,
  },
];
