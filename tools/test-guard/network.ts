import { Socket as UdpSocket } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { isIP, Socket } from 'node:net';
import { isLoopbackAddress, isLoopbackName } from './loopback.ts';
import { recordViolation } from './violations.ts';

type LookupCallback = (error: Error | null, address: string | LookupAddress[] | undefined, family?: number) => void;
type Lookup = (host: string, options: object, callback: LookupCallback) => void;
interface ConnectOptions {
  readonly host?: string;
  readonly path?: string | null;
  readonly lookup?: Lookup;
}

function refuse(host: string): never {
  recordViolation(`a connection to ${host}, which is not on this machine`);
  throw new Error(`Tests may not connect to ${host}.`);
}

/** Lets a resolver of the code under test answer, and refuses what it answers unless that is loopback. */
function guardLookup(lookup: Lookup): Lookup {
  return (host, options, callback) => {
    lookup(host, options, (error, address, family) => {
      const addresses = typeof address === 'string' ? [address] : (address ?? []).map((one) => one.address);
      const outside = addresses.find((one) => !isLoopbackAddress(one));
      if (outside !== undefined) {
        recordViolation(`a connection to ${outside}, which is not on this machine`);
        callback(new Error(`Tests may not connect to ${outside}.`), address, family);
      } else {
        callback(error, address, family);
      }
    });
  };
}

function guardOptions(options: ConnectOptions): ConnectOptions {
  const host = options.host ?? 'localhost';
  if (typeof options.path === 'string' || isLoopbackAddress(host) || isLoopbackName(host)) return options;
  if (isIP(host) !== 0 || options.lookup === undefined) refuse(host);
  return { ...options, lookup: guardLookup(options.lookup) };
}

/** The three ways to call `connect`, as the options of the first. Node's own callers pass one array with options in front. */
function connectOptions(first: unknown, second: unknown): ConnectOptions {
  if (Array.isArray(first)) return connectOptions(first[0], undefined);
  if (typeof first === 'object' && first !== null) return first;
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { path: first };
  return typeof second === 'string' ? { host: second } : {};
}

let guarded = false;

/** From here on every socket of this process refuses to leave the machine. Test files share a process: once is enough. */
export function guardNetwork(): void {
  if (guarded) return;
  guarded = true;
  const connect = Reflect.get(Socket.prototype, 'connect') as (...values: unknown[]) => Socket;
  Socket.prototype.connect = function guarded(this: Socket, ...values: unknown[]): Socket {
    const [first, second, ...rest] = values;
    const given = connectOptions(first, second);
    const options = guardOptions(given);
    if (options === given) return connect.apply(this, values);
    if (!Array.isArray(first)) return connect.call(this, options, second, ...rest);
    return connect.call(this, Object.assign([...(first as unknown[])], { 0: options }, symbolsOf(first)));
  };
  UdpSocket.prototype.connect = (_port: number, address?: unknown) => refuse(`UDP ${String(address)}`);
  UdpSocket.prototype.send = () => refuse('UDP');
}

/** Node marks its normalised argument arrays with a symbol; without it they would be read as something else. */
function symbolsOf(values: object): Record<symbol, unknown> {
  return Object.fromEntries(Object.getOwnPropertySymbols(values).map((key) => [key, Reflect.get(values, key)]));
}
