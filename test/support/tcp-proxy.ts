import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  port: number;
  /** `url` with this proxy's host and port. */
  address(url: string): string;
  /** Held back on the way to the server. */
  latencyMs: number;
  /**
   * Bytes go nowhere in either direction, new connections included, while the kernels of both sides go on saying that
   * all is well: as when a firewall forgets a connection or the other machine loses its power.
   */
  isHalfOpen: boolean;
  /** New connections are reset, as when nothing listens. */
  isRefusing: boolean;
  /** Each connection is reset after so many bytes of the server's; null never. */
  resetAfterBytes: number | null;
  /** Resets what is open now. */
  resetAll(): void;
  readonly openConnections: number;
  close(): Promise<void>;
}

interface Target {
  host: string;
  port: number;
}

/** A proxy of bytes on the loopback interface that misbehaves as it is told, for connections that are not HTTP. */
export async function startTcpProxy(target: Target): Promise<TcpProxy> {
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer({ allowHalfOpen: false }, (client) => {
    if (proxy.isRefusing) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(target);
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    // A connection that was caught in a silence stays silent: its bytes are lost, and it never recovers.
    let isSilenced = false;
    const isSilent = () => (isSilenced ||= proxy.isHalfOpen);
    let bytesFromServer = 0;
    client.on('data', (chunk) => {
      if (isSilent()) return;
      if (proxy.latencyMs === 0) upstream.write(chunk);
      else setTimeout(() => upstream.write(chunk), proxy.latencyMs);
    });
    upstream.on('data', (chunk) => {
      if (isSilent()) return;
      bytesFromServer += chunk.length;
      client.write(chunk);
      if (proxy.resetAfterBytes !== null && bytesFromServer >= proxy.resetAfterBytes) client.resetAndDestroy();
    });
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of pair) {
      socket.on('error', () => {});
      socket.on('close', () => {
        if (socket === client || !isSilent()) end();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const resetAll = () => {
    for (const [client, upstream] of pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
  };
  const proxy: TcpProxy = {
    port,
    address(url) {
      const address = new URL(url);
      address.hostname = '127.0.0.1';
      address.port = String(port);
      return address.href;
    },
    latencyMs: 0,
    isHalfOpen: false,
    isRefusing: false,
    resetAfterBytes: null,
    resetAll,
    get openConnections() {
      return pairs.size;
    },
    close: () =>
      new Promise((resolve) => {
        resetAll();
        server.close(() => resolve());
      }),
  };
  return proxy;
}

export function targetOf(url: string): Target {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port || 5432) };
}
