import { OriginSignError } from '@originsign/core/errors/error';

/**
 * All bytes of an answer's body. Throws `egress.failed` as soon as it is larger than allowed, and for any content coding: a
 * small compressed body can stand for a huge one.
 */
export async function readBody(
  body: AsyncIterable<Uint8Array>,
  headers: Readonly<Record<string, string>>,
  maxBytes: number,
  host: string,
): Promise<Uint8Array> {
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'identity') {
    throw new OriginSignError('egress.failed', `${host} answered with a content coding, which was not asked for.`);
  }
  const tooLarge = (): OriginSignError =>
    new OriginSignError('egress.failed', `The answer of ${host} is larger than ${maxBytes} bytes.`);
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
