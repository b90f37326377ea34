/**
 * Running checksum of a PE image: the 16-bit words added with the carry going round, then the file's length on top (ImageHlp's
 * CheckSumMappedFile). The checksum field itself must be given as zeros.
 */
export class PeChecksum {
  #sum = 0;
  #length = 0;

  /** Adds the next bytes. */
  update(bytes: Uint8Array): void {
    let index = 0;
    // A piece may end inside a word.
    if (this.#length % 2 === 1 && bytes.length > 0) {
      this.#add((bytes[0] ?? 0) << 8);
      index = 1;
    }
    let sum = 0;
    for (; index + 1 < bytes.length; index += 2) sum += (bytes[index] ?? 0) | ((bytes[index + 1] ?? 0) << 8);
    if (index < bytes.length) sum += bytes[index] ?? 0;
    this.#add(sum);
    this.#length += bytes.length;
  }

  /** Value for the CheckSum field. */
  value(): number {
    return (this.#sum + this.#length) >>> 0;
  }

  #add(sum: number): void {
    let total = this.#sum + sum;
    while (total > 0xffff) total = (total % 0x10000) + Math.floor(total / 0x10000);
    this.#sum = total;
  }
}
