/**
 * What goes on behind an answer that nobody should wait for: a process that ends in good order waits for it. It may be cut
 * off all the same, so it is work that whoever comes next does again. The listener and the built app each hold a copy of
 * this file, so what they share hangs on the process.
 */
const KEY = Symbol.for('perennial.follow-ups');
const shared: typeof globalThis & { [KEY]?: Set<Promise<void>> } = globalThis;
const underWay = (shared[KEY] ??= new Set());

/** @param work sees to its own failures */
export function followUp(work: Promise<void>): void {
  const ended = work.finally(() => underWay.delete(ended));
  underWay.add(ended);
}

/** When none is under way any more, those among them that began meanwhile. */
export async function followUpsDone(): Promise<void> {
  while (underWay.size > 0) await Promise.allSettled(underWay);
}
