import { OriginSignError } from '@originsign/core/errors/error';
import { encodeError, type Call, type CallResult, type FromSigner, type Operation, type ToSigner } from './messages.ts';
import { describeFailure, isFatal } from './pkcs11-errors.ts';
import { openToken, type Pkcs11Token } from './pkcs11-token.ts';
import { initialiseToken } from './token-setup.ts';

// Entry point of the process that holds the native module: a crash in there must not take the server down.

/** Milliseconds that the last operations may take. */
const LONGEST_END = 30_000;

let token: Pkcs11Token | undefined;
let ending = false;
let outbox: CallResult[] = [];

/** Resolves when the message is in the pipe. */
function send(message: FromSigner): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected && process.send !== undefined) process.send(message, () => resolve());
    else resolve();
  });
}

/** Results of one turn of the loop go out as one message. */
function answer(result: CallResult): void {
  outbox.push(result);
  if (outbox.length === 1) setImmediate(() => void flush());
}

async function flush(): Promise<void> {
  const results = outbox;
  outbox = [];
  if (results.length > 0) await send({ kind: 'results', results });
}

/** Ends the process after what is under way: to leave while a pool thread is inside the module crashes it. */
async function end(status: number): Promise<void> {
  if (ending) return;
  ending = true;
  // A module that hangs must not leave a logged-in process behind.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LONGEST_END).unref();
  try {
    await token?.close();
  } catch {
    // There is nobody left to tell.
  }
  await flush();
  process.exit(status);
}

function lost(): void {
  void end(1);
}

async function perform(open: Pkcs11Token, operation: Operation): Promise<unknown> {
  switch (operation.name) {
    case 'sign':
      return open.sign(operation.key, operation.data);
    case 'find':
      return open.find(operation.label);
    case 'generate':
      return open.generate(operation.key);
    case 'check':
      return open.check();
  }
}

async function run({ id, operation }: Call): Promise<void> {
  try {
    if (token === undefined || ending) throw new OriginSignError('hsm.unavailable', 'The signer process is ending.');
    answer({ id, value: await perform(token, operation) });
  } catch (error) {
    answer({ id, error: encodeError(describeFailure(error, 'hsm.failed')) });
    if (isFatal(error)) lost();
  }
}

function first(message: ToSigner): void {
  try {
    if (message.kind === 'open') {
      token = openToken(message, lost);
      void send({ kind: 'opened' });
    } else if (message.kind === 'initialise') {
      void send({ kind: 'initialised', serial: initialiseToken(message) });
    }
  } catch (error) {
    void send({ kind: 'failed', error: encodeError(describeFailure(error, 'hsm.unavailable')) });
  }
}

process.on('message', (message: ToSigner) => {
  if (message.kind === 'calls') for (const call of message.calls) void run(call);
  else if (message.kind === 'close') void end(0);
  else first(message);
});
process.on('disconnect', () => void end(0));
// Ctrl+C and service managers signal the whole group; this process leaves when the server has no more use for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
void send({ kind: 'hello' });
