import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Who asks, as far as that can be known. Each proxy of ours adds the address of whoever spoke to it at the end of
 * X-Forwarded-For; what stands before those came with the request, and anybody can write it there.
 */
export function clientAddress({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>, trustedHops: number): string {
  const peer = socket.remoteAddress ?? '';
  if (trustedHops === 0) return networkOf(peer);
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',').map((entry) => withoutPort(entry.trim()));
  // A list that is shorter was begun by the innermost proxies, and its first entry is theirs.
  const named = forwarded[Math.max(0, forwarded.length - trustedHops)] ?? '';
  return networkOf(isIP(named) === 0 ? peer : named);
}

/** Some proxies write the port as well: `192.0.2.1:443`, `[2001:db8::1]:443`. */
function withoutPort(entry: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1] ?? /^([\d.]+):\d+$/.exec(entry)?.[1] ?? entry;
}

/** Whoever has one IPv6 address has the other 2^64 of its network as well. */
function networkOf(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.toLowerCase().split('%', 1)[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const tailGroups = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - tailGroups.length;
  const whole = [...groups, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...tailGroups];
  return `${whole.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}
