import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { OriginSignError } from '@originsign/core/errors/error';
import { isReachable } from './address-rules.ts';

/** Resolves a name to all of its addresses. */
export type Resolve = (hostname: string, done: (error: Error | null, addresses: LookupAddress[]) => void) => void;

const systemResolve: Resolve = (hostname, done) => lookup(hostname, { all: true, verbatim: true }, done);

/**
 * A lookup for sockets that hands out only addresses it has checked. The socket connects to exactly these, so a second
 * answer of the name server has no effect (DNS rebinding). One address that may not be reached refuses the whole name.
 */
export function checkedLookup(allowPrivate: boolean, resolve: Resolve = systemResolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const wanted = addresses.filter(({ family }) => !options.family || options.family === family);
      const [first] = wanted;
      if (first === undefined || addresses.some(({ address }) => !isReachable(address, allowPrivate))) {
        return callback(refusedAddress(hostname), []);
      }
      return options.all === true ? callback(null, wanted) : callback(null, first.address, first.family);
    });
  };
}

/** The refusal of a host by its address. */
export function refusedAddress(host: string): OriginSignError {
  return new OriginSignError('egress.refused', `The host ${host} has an address that may not be reached.`, {
    hint: 'allow private addresses for this service if it is one of yours',
  });
}
