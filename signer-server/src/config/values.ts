import { decodeBase64 } from '@originsign/core/encoding/base64';
import { isOriginSignError } from '@originsign/core/errors/error';
import type { ConfigProblem } from './config-problem.ts';
import { hasReadableCertificates } from './readable-certificates.ts';
import { Secret } from './secret.ts';
import type { Parser, Setting } from './section.ts';

/** Text; a number or boolean that YAML made of it is refused, because it may have lost leading zeros. */
export const text: Parser<string> = (setting) => {
  if (typeof setting.value !== 'string') throw setting.refuse(`expected text; quote it: "${setting.value}"`);
  if (setting.value === '') throw setting.refuse('is empty');
  if (/[\u0000-\u001f\u007f]/.test(setting.value)) throw setting.refuse('has a control character');
  return setting.value;
};

/** A name that other files refer to: a key, a token. */
export const name: Parser<string> = (setting) => {
  const value = text(setting);
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/.test(value)) {
    throw setting.refuse(
      'expected lower-case letters, digits, ".", "_" and "-", at most 63 and not starting with a sign',
    );
  }
  return value;
};

/** A whole number in a range. */
export function integer(least: number, most: number): Parser<number> {
  return (setting) => {
    // {env} and {file} supply text alone.
    const value = setting.outside && /^\d{1,15}$/.test(String(setting.value)) ? Number(setting.value) : setting.value;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      throw setting.refuse(`expected a whole number from ${least} to ${most}`);
    }
    return value;
  };
}

/** true or false. */
export const flag: Parser<boolean> = (setting) => {
  const value = setting.outside
    ? ({ true: true, false: false } as const)[String(setting.value) as 'true']
    : setting.value;
  if (typeof value !== 'boolean') throw setting.refuse('expected true or false');
  return value;
};

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `500ms`, `10s`, `5m`, `2h`, `30d`, within a range given in the same form; the value is in milliseconds. */
export function duration(least: string, most: string): Parser<number> {
  return (setting) => {
    const value = milliseconds(setting.value);
    if (value === undefined) throw setting.refuse('expected a duration such as 10s, 5m or 2h');
    if (value < (milliseconds(least) ?? 0) || value > (milliseconds(most) ?? 0)) {
      throw setting.refuse(`expected a duration from ${least} to ${most}`);
    }
    return value;
  };
}

function milliseconds(value: unknown): number | undefined {
  const match = typeof value === 'string' ? /^(\d{1,9})(ms|s|m|h|d)$/.exec(value) : null;
  return match === null ? undefined : Number(match[1]) * MILLISECONDS[match[2] as keyof typeof MILLISECONDS];
}

/** Wraps what a parser makes, and refuses secrets that stand in the file itself: it gets copied, shown and committed. */
export function secret<T>(parser: Parser<T>): Parser<Secret<T>> {
  return (setting) => {
    if (!setting.outside) throw refuseLiteral(setting);
    return new Secret(parser(setting));
  };
}

/** Exactly so many bytes in base64. */
export function base64Bytes(length: number): Parser<Uint8Array> {
  return (setting) => {
    try {
      const bytes = decodeBase64(String(setting.value));
      if (bytes.length === length) return bytes;
    } catch (error) {
      if (!isOriginSignError(error)) throw error;
    }
    throw setting.refuse(`expected ${length} bytes in base64`);
  };
}

/** PEM text with a block of one of these labels, or the path of a file with it. */
function pem(readText: (path: string) => string, label: RegExp): Parser<string> {
  return (setting) => {
    const written = typeof setting.value === 'string' ? setting.value : text(setting);
    const content = written.includes('-----BEGIN ') ? written : readPem(readText, setting, text(setting));
    if (!label.test(content)) throw setting.refuse('has no PEM block of the kind that belongs here');
    return content;
  };
}

/** Certificates in PEM, as `pem` reads them, each of which can be read. */
export function certificates(readText: (path: string) => string): Parser<string> {
  return (setting) => {
    const content = pem(readText, /-----BEGIN CERTIFICATE-----/)(setting);
    if (!hasReadableCertificates(content)) throw setting.refuse('has a certificate that cannot be read');
    return content;
  };
}

/** A private key in PEM, supplied by {file} or {env}, or the path of its file; never standing in the configuration itself. */
export function secretPem(readText: (path: string) => string, label: RegExp): Parser<Secret> {
  return (setting) => {
    if (!setting.outside && String(setting.value).includes('-----BEGIN ')) throw refuseLiteral(setting);
    return new Secret(pem(readText, label)(setting));
  };
}

function refuseLiteral(setting: Setting): ConfigProblem {
  return setting.refuse('is a secret: supply it by {file: PATH} or {env: NAME}');
}

function readPem(readText: (path: string) => string, setting: Setting, path: string): string {
  try {
    return readText(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'not text';
    throw setting.refuse(
      setting.outside ? 'names a file that cannot be read' : `the file ${path} cannot be read (${code})`,
    );
  }
}
