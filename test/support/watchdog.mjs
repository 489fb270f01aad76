/*
 * Outlives the process that started it, by a moment: standard input carries one JSON line for each process that
 * begins ({ add: pid, signal }) and ends ({ remove: pid }). When the input closes because the parent died, however
 * it died, what is still listed is stopped, then killed. A process of its own, because a SIGKILL leaves the parent no
 * chance to clean up, and plain JavaScript, so that it starts in 40 ms.
 */
import { createInterface } from 'node:readline';

const GRACE_MS = 5_000;
const POLL_MS = 50;
/** pid of the process group's leader -> the signal that asks it to stop */
const listed = new Map();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const message = JSON.parse(line);
    if (message.add !== undefined) listed.set(message.add, message.signal);
    if (message.remove !== undefined) listed.delete(message.remove);
  })
  .on('close', () => {
    for (const [pid, signal] of listed) send(pid, signal);
    const deadline = Date.now() + GRACE_MS;
    const timer = setInterval(() => {
      for (const pid of listed.keys()) if (!send(pid, 0)) listed.delete(pid);
      const isLate = Date.now() > deadline;
      if (isLate) for (const pid of listed.keys()) send(pid, 'SIGKILL');
      // What answers even now has ended and waits for an init that does not collect it: a container may have none.
      if (isLate || listed.size === 0) clearInterval(timer);
    }, POLL_MS);
  });

/** Signals the group; answers whether it still exists. */
function send(pid, signal) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
    return true;
  } catch {
    return false;
  }
}
