import { BlockList, isIP } from 'node:net';

/**
 * `public`: the public Internet. `private`: networks of an operator's own, reached only where the caller says so. `forbidden`:
 * never reached. Link-local addresses are forbidden even then, because cloud machines serve credentials there.
 */
export type AddressClass = 'public' | 'private' | 'forbidden';

type Network = readonly [address: string, prefix: number];

// Sources: IANA special-purpose address registries (RFC 6890), RFC 4291, RFC 6052, RFC 8215.
const PRIVATE_IPV4: readonly Network[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
];
const FORBIDDEN_IPV4: readonly Network[] = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
/** Loopback, unique local, and the two NAT64 prefixes, whose translator could lead into a private IPv4 network. */
const PRIVATE_IPV6: readonly Network[] = [
  ['::1', 128],
  ['fc00::', 7],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
];
const GLOBAL_UNICAST_IPV6: readonly Network[] = [['2000::', 3]];
/** Inside global unicast: protocol assignments with Teredo, documentation, 6to4. */
const FORBIDDEN_IPV6: readonly Network[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const list = (networks: readonly Network[], family: 'ipv4' | 'ipv6'): BlockList => {
  const entries = new BlockList();
  for (const [address, prefix] of networks) entries.addSubnet(address, prefix, family);
  return entries;
};

// One list per family: Node matches an IPv4-mapped IPv6 address with IPv4 entries of the same list.
const privateIpv4 = list(PRIVATE_IPV4, 'ipv4');
const forbiddenIpv4 = list(FORBIDDEN_IPV4, 'ipv4');
const privateIpv6 = list(PRIVATE_IPV6, 'ipv6');
const globalIpv6 = list(GLOBAL_UNICAST_IPV6, 'ipv6');
const forbiddenIpv6 = list(FORBIDDEN_IPV6, 'ipv6');

/** Class of an IP address in text form. Text that is no address, and IPv6 forms that carry an IPv4 address, are forbidden. */
export function addressClass(address: string): AddressClass {
  switch (isIP(address)) {
    case 4:
      if (privateIpv4.check(address, 'ipv4')) return 'private';
      return forbiddenIpv4.check(address, 'ipv4') ? 'forbidden' : 'public';
    case 6:
      if (privateIpv6.check(address, 'ipv6')) return 'private';
      return globalIpv6.check(address, 'ipv6') && !forbiddenIpv6.check(address, 'ipv6') ? 'public' : 'forbidden';
    default:
      return 'forbidden';
  }
}

/** True where a call may connect to the address. */
export function isReachable(address: string, allowPrivate: boolean): boolean {
  const kind = addressClass(address);
  return kind === 'public' || (kind === 'private' && allowPrivate);
}

/** The address in the host part of a URL (brackets removed), or `undefined` where it is a name. */
export function hostAddress(hostname: string): string | undefined {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? undefined : bare;
}
