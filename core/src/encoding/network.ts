/** An address as a number, with the length of its family in bits. */
interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** True for a network in CIDR notation, of IPv4 or IPv6, whose prefix length fits. RFC 4632, RFC 4291 section 2.3. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/** True for a network of more addresses than one organization has: shorter than /8 in IPv4, than /16 in IPv6. */
export function isWideNetwork(text: string): boolean {
  const { start, length } = parseNetwork(text) ?? {};
  if (start === undefined || length === undefined) return false;
  if (start.bits === 32) return length < 8;
  return otherForm(start) === undefined ? length < 16 : length < 96 + 8;
}

/** True where the address lies in one of the networks. An IPv4 address in IPv6 clothes counts as what it is. */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  const parsed = parseAddress(address);
  const forms = parsed === undefined ? [] : [parsed, otherForm(parsed)].filter((form) => form !== undefined);
  return networks.some((network) => forms.some((form) => isIn(form, network)));
}

function isIn(address: Address, network: string): boolean {
  const { start, length } = parseNetwork(network) ?? {};
  if (start === undefined || length === undefined || start.bits !== address.bits) return false;
  const shift = BigInt(start.bits - length);
  return start.value >> shift === address.value >> shift;
}

/** An IPv4 address as an IPv4-mapped one, and the other way round. RFC 4291 section 2.5.5.2. */
function otherForm({ bits, value }: Address): Address | undefined {
  if (bits === 32) return { bits: 128, value: (0xffffn << 32n) | value };
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffffffffn } : undefined;
}

function parseNetwork(text: string): { readonly start: Address; readonly length: number } | undefined {
  const [, address = '', digits = ''] = /^([0-9a-fA-F.:]{2,45})\/(0|[1-9][0-9]{0,2})$/.exec(text) ?? [];
  const start = parseAddress(address);
  const length = Number(digits);
  return start === undefined || length > start.bits ? undefined : { start, length };
}

function parseAddress(text: string): Address | undefined {
  const value = text.includes(':') ? parseIpv6(text) : parseIpv4(text);
  return value === undefined ? undefined : { bits: text.includes(':') ? 128 : 32, value };
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  // A leading zero is octal to some readers and decimal to others.
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function parseIpv6(written: string): bigint | undefined {
  const text = withoutDots(written);
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...left, ...Array<string>(halves.length === 2 ? missing : 0).fill('0'), ...right];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** The last 32 bits may be written as an IPv4 address. */
function withoutDots(text: string): string {
  const tail = /:(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
  const value = tail === undefined ? undefined : parseIpv4(tail);
  if (tail === undefined || value === undefined) return text;
  return `${text.slice(0, -tail.length)}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}
