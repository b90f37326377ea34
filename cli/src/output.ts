import type { Json } from '@originsign/core/encoding/canonical-json';
import type { OriginSignError } from '@originsign/core/errors/error';
import { errorLines } from '@originsign/core/client/report-lines';
import { errorJson } from './error-json.ts';
import type { Host } from './host.ts';

/** What a command found out, for people and for machines. */
export interface Outcome {
  readonly lines: readonly string[];
  readonly json: Json;
  /** Why the command fails although it has a result to show. */
  readonly failure?: OriginSignError;
}

/** The one place that writes: it keeps the rules of `ui.ts` about what goes where. */
export class Output {
  readonly #host: Host;
  readonly #json: boolean;
  #server: string | undefined;
  #hasResult = false;

  constructor(host: Host, json: boolean) {
    this.#host = host;
    this.#json = json;
  }

  /** Names the server whose pages explain error codes. */
  explainAt(server: string): void {
    this.#server = server;
  }

  /** One line about something that goes on. */
  progress(line: string): void {
    this.#host.err(`${line}\n`);
  }

  /** The result; throws the failure that it may carry, so that the exit status tells. */
  result(outcome: Outcome): void {
    this.#hasResult = true;
    if (this.#json) this.#host.out(`${JSON.stringify(outcome.json, undefined, 2)}\n`);
    else for (const line of outcome.lines) this.#host.out(`${line}\n`);
    if (outcome.failure !== undefined) throw outcome.failure;
  }

  /** An error, as the last thing. */
  failure(error: OriginSignError): void {
    for (const line of errorLines(error, this.#server)) this.#host.err(`${line}\n`);
    if (this.#json && !this.#hasResult) {
      this.#host.out(`${JSON.stringify({ error: errorJson(error, this.#server) }, undefined, 2)}\n`);
    }
  }
}
