import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isLoopbackAddress, isLoopbackName } from './loopback.ts';
import { takeViolations } from './violations.ts';

// An address of the block that RFC 5737 keeps for documentation: were the guard broken, nobody would answer.
const OUTSIDE = '192.0.2.1';

describe('unit tests', () => {
  it('fail when they print', () => {
    console.log('a line');
    expect(takeViolations()).toEqual(['console.log: a line']);
  });

  it('fail when they start a process', () => {
    expect(() => spawn('true')).toThrow('may not start processes');
    expect(takeViolations()).toEqual(['a process was started']);
  });

  it('fail when a socket leaves the machine', () => {
    expect(() => connect(9, OUTSIDE)).toThrow(OUTSIDE);
    expect(() => connect({ host: 'sign.acme.example', port: 9 })).toThrow('sign.acme.example');
    expect(takeViolations()).toHaveLength(2);
  });

  it('fail when an HTTP client leaves the machine', async () => {
    expect(() => request({ host: OUTSIDE, port: 9 })).toThrow(OUTSIDE);
    await expect(fetch(`http://${OUTSIDE}:8443/`)).rejects.toThrow('fetch failed');
    expect(takeViolations()).toHaveLength(2);
  });

  it('fail when a resolver leads out of the machine', async () => {
    const lookup = (
      _host: string,
      _options: object,
      callback: (error: null, address: string, family: number) => void,
    ) => {
      callback(null, OUTSIDE, 4);
    };
    const socket = connect({ host: 'sign.acme.example', port: 9, lookup });
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain(OUTSIDE);
    expect(takeViolations()).toHaveLength(1);
  });

  it('fail when they send a datagram', () => {
    const socket = createSocket('udp4');
    expect(() => {
      socket.send('x', 9, OUTSIDE);
    }).toThrow('UDP');
    socket.close();
    expect(takeViolations()).toHaveLength(1);
  });

  it('may use loopback, also through a resolver', async () => {
    const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const lookup = (
      _host: string,
      _options: object,
      callback: (error: null, address: string, family: number) => void,
    ) => {
      callback(null, '127.0.0.1', 4);
    };
    for (const socket of [
      connect(port, '127.0.0.1'),
      connect({ host: 'sign.acme.example', port, lookup, autoSelectFamily: false }),
    ]) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      expect(chunk.toString()).toBe('hello');
      socket.destroy();
    }
    server.close();
    expect(takeViolations()).toEqual([]);
  });
});

describe('loopback', () => {
  it.each(['127.0.0.1', '127.255.0.9', '::1', '::ffff:127.0.0.1'])('is %s', (address) => {
    expect(isLoopbackAddress(address)).toBe(true);
  });

  it.each(['10.0.0.1', '0.0.0.0', '128.0.0.1', '::', 'fe80::1', '::ffff:10.0.0.1', '127.0.0.1.example', 'localhost'])(
    'is not %s',
    (address) => {
      expect(isLoopbackAddress(address)).toBe(false);
    },
  );

  it('is one name', () => {
    expect(isLoopbackName('localhost')).toBe(true);
    expect(isLoopbackName('localhost.example')).toBe(false);
  });
});
