import { Agent, get } from 'node:http';

/** After so many the engine has compiled what every request goes through. */
const TURNS = 200;

/**
 * Asks this process one simple question after another. The first hundreds of requests of a process cost several times
 * what later ones do; in a burst they would wait for each other for more than a second.
 *
 * @param url on this very machine
 * @throws where the listener does not answer with 200
 */
export async function warmUp(url: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (let turn = 0; turn < TURNS; turn += 1) {
      const status = await statusOf(url, agent);
      if (status !== 200) throw new Error(`${url} answers ${status}`);
    }
  } finally {
    agent.destroy();
  }
}

function statusOf(url: string, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode)).once('error', reject);
    }).once('error', reject);
  });
}
