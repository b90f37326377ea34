import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createListener } from './listener.ts';
import type { UseCases } from './use-cases.ts';

const never = (): never => {
  throw new Error('Nothing complete was sent.');
};
const useCases: UseCases = {
  submit: never,
  follow: never,
  cancel: never,
  evaluate: never,
  listWaiting: never,
  showApprovals: never,
  approve: never,
  status: never,
  trust: never,
  logFile: never,
};
let http: FastifyInstance;

beforeAll(async () => {
  http = createListener({
    serverUrl: 'https://sign.acme.example',
    useCases,
    checks: {},
    certificates: { kind: 'none' },
    logger: pino({ enabled: false }),
    patience: { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 50 },
  });
  await http.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => http.close());

/** What the server says to somebody who sends this much and no more, until it closes the connection. */
async function answerTo(text: string): Promise<string> {
  const socket = connect((http.server.address() as AddressInfo).port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

describe('a sender that stops in the middle', () => {
  it.each([
    ['of the request line', 'POST /v1/sign'],
    ['of the fields', 'POST /v1/signing-requests HTTP/1.1\r\nHost: sign.acme.example\r\nContent-Ty'],
    [
      'of the body',
      'POST /v1/signing-requests HTTP/1.1\r\nHost: sign.acme.example\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"envelope"',
    ],
  ])('%s is let go of, and reaches no use case', async (_, text) => {
    expect(await answerTo(text)).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
  });
});
