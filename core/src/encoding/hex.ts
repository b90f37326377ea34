import { OriginSignError } from '../errors/error.ts';

/** Lower-case hexadecimal. */
export function encodeHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

/** Bytes of lower-case hexadecimal; throws `encoding.hex` for anything else, upper case included. */
export function decodeHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) {
    throw new OriginSignError('encoding.hex', 'Expected lower-case hexadecimal of even length.');
  }
  return new Uint8Array(Buffer.from(text, 'hex'));
}
