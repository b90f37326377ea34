import { OriginSignError } from '@originsign/core/errors/error';
import { appendEntries } from '../log/append.ts';
import { lockHead } from '../log/head.ts';
import { listArtifacts } from '../store/artifacts.ts';
import type { RequestRow, Trx } from '../store/database.ts';
import { findRequest, moveRequest } from '../store/requests.ts';
import { transaction } from '../store/transaction.ts';
import { carryOut } from './carry-out.ts';
import type { Context } from './context.ts';
import { decide, linkedProject } from './decide.ts';
import { writeIntent } from './intent.ts';
import type { PreparedArtifact } from './prepare.ts';
import { signingKeyOf } from './signing-key.ts';
import { storedAsker, storedPrepared, storedStatement } from './stored-request.ts';

const LONGEST_PAUSE_MS = 60_000;

/**
 * Takes up a request that is not finished and that nobody works on: after a crash, or after a fault that passed. Returns at
 * once; the work goes on in `context.progress`.
 */
export async function continueRequest(context: Context, request: RequestRow): Promise<void> {
  if (context.progress.has(request.id)) return;
  if (request.state === 'completed' && request.receipt === null) {
    void context.progress.start(request.id, () => carryOut(context, request.id));
    return;
  }
  if (request.state !== 'signing' || !leaseIsOver(context, request)) return;
  void context.progress.start(request.id, async () => {
    try {
      if (await repeatIntent(context, request.id)) await carryOut(context, request.id);
    } catch (error) {
      context.journal.error({ err: error, signingRequest: request.id }, 'the request could not be taken up again');
    }
  });
  await Promise.resolve();
}

/** Only an INTENT whose lease is over may be replaced: another replica may be waiting for its HSM right now. */
function leaseIsOver(context: Context, request: RequestRow): boolean {
  const { lease_owner: owner, lease_until: until } = request;
  if (owner === null || until === null) return true;
  // Our own process does not work on it, or it would be in progress.
  if (owner === context.replica) return pauseIsOver(context, request);
  // A former process of a store for one is dead.
  return context.onlyProcess || new Date(until) < context.now();
}

/** Every repetition costs two log entries and all signatures, and a client may ask as often as it likes. */
function pauseIsOver(context: Context, { attempts, updated_at: updatedAt }: RequestRow): boolean {
  const pause = Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** Math.min(attempts, 16));
  return context.now().getTime() - new Date(updatedAt).getTime() >= pause;
}

/** Transaction B again: decides anew with the stored claims, then logs what became of the old INTENT and the new one. */
async function repeatIntent(context: Context, id: string): Promise<boolean> {
  const now = context.now();
  return transaction(context.db, async (trx) => {
    await lockHead(trx);
    const request = await findRequest(trx, id);
    if (request?.state !== 'signing' || !leaseIsOver(context, request)) return false;
    if (now > new Date(request.deadline)) return expire(trx, request, now);
    const { intent_index: index, intent_leaf: leaf, signing_time: signingTime } = request;
    if (index === null || leaf === null || signingTime === null) throw new TypeError('No INTENT to repeat.');
    const prepared = storedPrepared(await listArtifacts(trx, id), context.keys());
    if (!allowedStill(context, request, prepared, now)) return denyLate(trx, request, now);
    for (const { key } of prepared) signingKeyOf(key, now);
    const replaces = { index, leaf, attempts: request.attempts };
    const plan = { id, statement: storedStatement(request), prepared, signingTime: new Date(signingTime), replaces };
    if (await writeIntent(trx, context, plan)) return true;
    throw new OriginSignError('request.state', 'Another replica took the request over.');
  });
}

/** The stored claims under the active policy, at the current time. A policy that now wants other keys allows it no longer. */
function allowedStill(
  context: Context,
  request: RequestRow,
  prepared: readonly PreparedArtifact[],
  now: Date,
): boolean {
  const asker = storedAsker(request);
  const project = linkedProject(context.policies().projects, request.project, asker);
  if (project?.policies.has(request.policy) !== true) return false;
  const decision = decide(project, storedStatement(request), asker, now);
  if (decision.decision !== 'allow') return false;
  const { keys } = decision.requirements;
  return prepared.every(({ format, key }) => keys.get(format.id) === key.label);
}

async function denyLate(trx: Trx, request: RequestRow, now: Date): Promise<false> {
  const { id, project, policy, system, rule } = request;
  const code = 'policy.denied';
  await appendEntries(trx, [{ type: 'DENIAL', requestId: id, project, policy, system, code, rule }], now);
  await moveRequest(trx, {
    id,
    from: 'signing',
    to: 'denied',
    now,
    set: { failure_code: code, failure_detail: 'The policy no longer allows the request.' },
  });
  return false;
}

async function expire(trx: Trx, request: RequestRow, now: Date): Promise<false> {
  await appendEntries(trx, [{ type: 'EXPIRY', requestId: request.id }], now);
  await moveRequest(trx, {
    id: request.id,
    from: 'signing',
    to: 'expired',
    now,
    set: { failure_code: 'request.expired', failure_detail: 'The request was not finished before its deadline.' },
  });
  return false;
}
