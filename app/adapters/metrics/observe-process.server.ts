import { collectDefaultMetrics } from 'prom-client';

/** Memory, processor, event loop lag and garbage collection of this process. Called once, where a process begins. */
export function observeProcess(): void {
  collectDefaultMetrics({ prefix: 'perennial_' });
}
