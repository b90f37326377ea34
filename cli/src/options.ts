import { Option } from 'commander';
import { parseServerAddress } from '@originsign/core/client/server-address';
import { OriginSignError } from '@originsign/core/errors/error';
import type { Host } from './host.ts';
import { NeededOption } from './needed-option.ts';

/** `--json`, which every command takes. */
export function jsonOption(): Option {
  return new Option('--json', 'print one JSON document to stdout');
}

/** `--server`, which may also come from the environment. */
export function serverOption(): Option {
  return new Option('--server <url>', 'URL of the signing server; ORIGINSIGN_SERVER where left out');
}

/** `--ca-file`, for servers and proxies with a private certificate authority. */
export function caFileOption(): Option {
  return new Option('--ca-file <file>', 'PEM file with authorities to trust besides the usual ones');
}

/** `--trust`, the pinned trust file. */
export function trustOption(): Option {
  return new NeededOption('--trust <file>', 'the pinned trust file');
}

/** The server that was asked for, in its canonical spelling; throws `input.missing` or `input.invalid`. */
export function serverOf(option: string | undefined, host: Host): string {
  const server = option ?? host.environment['ORIGINSIGN_SERVER'] ?? '';
  if (server !== '') return parseServerAddress(server);
  throw new OriginSignError('input.missing', 'No server is given.', { hint: 'give --server or set ORIGINSIGN_SERVER' });
}

/** Collects an option that may be given several times. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/** `{name: value}` where there is a value: for options that may be left out. */
export function given<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, V>);
}

/** Splits `NAME=VALUE` texts. Throws `input.invalid`. `option` is how the user spells it. */
export function parseAssignments(texts: readonly string[], option: string): ReadonlyMap<string, string> {
  return new Map(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)] as const;
      throw new OriginSignError('input.invalid', `${option} takes a name, "=" and a value.`);
    }),
  );
}
