import { describe, expect, it } from 'vitest';

import { clientAddress } from '#app/adapters/http/client-address.server.ts';

function seenFrom(peer: string, forwarded: string | undefined, hops: number): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return clientAddress({ headers, socket: { remoteAddress: peer } as never }, hops);
}

describe('the address of who asks', () => {
  it.each([
    ['is the last that one proxy added', '10.0.0.1', '6.6.6.6, 192.0.2.7', 1, '192.0.2.7'],
    ['is the last but one of two proxies', '10.0.0.1', '6.6.6.6, 192.0.2.7, 10.0.0.2', 2, '192.0.2.7'],
    ['is the first of a list that fewer proxies wrote', '10.0.0.1', '192.0.2.7', 3, '192.0.2.7'],
    ['is the peer where no proxy is trusted, whatever is claimed', '192.0.2.9', '6.6.6.6', 0, '192.0.2.9'],
    ['is the peer where a proxy said nothing', '192.0.2.9', undefined, 1, '192.0.2.9'],
    ['is the peer where the entry is no address', '192.0.2.9', '6.6.6.6, unknown', 1, '192.0.2.9'],
    ['is the peer where the entry is a script', '192.0.2.9', '<script>', 1, '192.0.2.9'],
    ['is told without its port', '10.0.0.1', '192.0.2.7:4711', 1, '192.0.2.7'],
    ['is an old one in a new one’s clothes', '::ffff:192.0.2.9', undefined, 1, '192.0.2.9'],
    ['is the network of a new one', '10.0.0.1', '2001:db8:1:2:aaaa:bbbb:cccc:dddd', 1, '2001:db8:1:2::/64'],
    ['is the network of a short one', '10.0.0.1', '2001:db8::1', 1, '2001:db8:0:0::/64'],
    ['is the network of one with a port', '10.0.0.1', '[2001:0db8:0:2::9]:443', 1, '2001:db8:0:2::/64'],
    ['is the network of this machine', '::1', undefined, 0, '0:0:0:0::/64'],
  ])('%s', (_behaviour, peer, forwarded, hops, address) => {
    expect(seenFrom(peer, forwarded, hops)).toBe(address);
  });
});
