import { BlockList, isIP } from 'node:net';

/** True for a network in CIDR notation, of IPv4 or IPv6, whose prefix length fits. RFC 4632, RFC 4291. */
export function isNetwork(text: string): boolean {
  const [, address = '', length = ''] = /^([0-9a-fA-F.:]+)\/(0|[1-9][0-9]{0,2})$/.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(length) <= (family === 4 ? 32 : 128);
}

/** True where the address lies in one of the networks. An IPv4 address in IPv6 clothes counts as what it is. */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  const family = isIP(plain);
  if (family === 0) return false;
  const list = new BlockList();
  for (const network of networks.filter(isNetwork)) {
    const [start = '', length = ''] = network.split('/');
    list.addSubnet(start, Number(length), isIP(start) === 4 ? 'ipv4' : 'ipv6');
  }
  return list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}
