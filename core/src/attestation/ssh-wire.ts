import { concatBytes, utf8 } from '../encoding/bytes.ts';
import { OriginSignError } from '../errors/error.ts';

/** The error of everything that is not an SSH key or signature as it should be. */
export function malformedSsh(what: string, cause?: unknown): OriginSignError {
  return new OriginSignError('ssh.malformed', `The SSH key or signature is refused: ${what}.`, { cause });
}

/** Takes an SSH structure apart from front to back. Every method throws `ssh.malformed` where the bytes end too early. RFC 4251 section 5. */
export class SshReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** So many bytes as they stand. */
  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#offset) throw malformedSsh('it ends too early');
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }

  /** `uint32`. */
  uint32(): number {
    const bytes = this.take(4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  }

  /** `string` as bytes. */
  string(): Uint8Array {
    return this.take(this.uint32());
  }

  /** `string` that is printable ASCII, which all names are. */
  text(): string {
    const text = Buffer.from(this.string()).toString('latin1');
    if (!/^[\x20-\x7e]*$/.test(text)) throw malformedSsh('a name is not printable ASCII');
    return text;
  }

  /** `mpint` that is positive and in its one shortest spelling, without the sign octet. */
  positive(): Uint8Array {
    const bytes = this.string();
    const [first = 0, second = 0] = bytes;
    const isPadded = first === 0;
    if (bytes.length === 0 || first >= 0x80 || (isPadded && second < 0x80)) {
      throw malformedSsh('a number is not positive or not in its shortest form');
    }
    return isPadded ? bytes.subarray(1) : bytes;
  }

  /** Throws `ssh.malformed` unless everything was read. */
  end(): void {
    if (this.#offset !== this.#bytes.length) throw malformedSsh('something follows its end');
  }
}

/** `uint32`. */
export function sshUint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** `string` of bytes or of text. */
export function sshString(value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? utf8(value) : value;
  return concatBytes(sshUint32(bytes.length), bytes);
}
