import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_DIR } from './project-dir.ts';

/** Applies prisma/migrations as a deployment would, through the app's own command; throws with what it said. */
export async function migrateDatabase(ownerUrl: string): Promise<void> {
  const command = join(PROJECT_DIR, 'app', 'commands', 'migrate.ts');
  if (!existsSync(command)) throw new Error('app/commands/migrate.ts is missing.');
  const child = spawn(process.execPath, [command], {
    cwd: PROJECT_DIR,
    env: { ...process.env, DATABASE_OWNER_URL: ownerUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`The migrations failed (app/commands/migrate.ts ended with code ${code}):\n${said.trim()}`);
}
